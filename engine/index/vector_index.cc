#include "engine/index/vector_index.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {

absl::Status ValidateSearchParams(const IndexSearchParams& params) {
  if (params.k < 1 || params.k > kMaxNeighbors) {
    return InvalidField(
        "k", absl::StrCat("is ", params.k, ", must be 1 to ", kMaxNeighbors));
  }
  // Written so that NaN fails.
  if (!(params.min_similarity >= -1.0F && params.min_similarity <= 1.0F)) {
    return InvalidField(
        "min_similarity",
        absl::StrCat("is ", params.min_similarity, ", must be -1 to 1"));
  }
  return absl::OkStatus();
}

}  // namespace likeness
