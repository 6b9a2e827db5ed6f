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
  if (!(params.recall_target > 0.0F && params.recall_target < 1.0F)) {
    return InvalidField("recall_target",
                        absl::StrCat("is ", params.recall_target,
                                     ", must be above 0 and below 1"));
  }
  if (params.ef_search < 0 || params.ef_search > kMaxEfSearch) {
    return InvalidField(
        "ef_search",
        absl::StrCat("is ", params.ef_search, ", must be 0 to ", kMaxEfSearch));
  }
  if (params.nprobe < 0 || params.nprobe > kMaxNprobe) {
    return InvalidField("nprobe", absl::StrCat("is ", params.nprobe,
                                               ", must be 0 to ", kMaxNprobe));
  }
  return absl::OkStatus();
}

absl::Status CheckWholeVectors(absl::string_view name, size_t size,
                               size_t dimensions) {
  if (size % dimensions == 0) return absl::OkStatus();
  return InvalidField(
      name,
      absl::StrCat("has ", size, " values, not a multiple of ", dimensions));
}

}  // namespace likeness
