#include "engine/collection/segment_options.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {
namespace {

constexpr size_t kMaxGrowingRows = size_t{1} << 20;
// Rows are numbered with 32 bits.
constexpr size_t kMaxSegmentRows = size_t{1} << 30;

}  // namespace

absl::Status SegmentOptions::Validate() const {
  if (growing_rows < 1 || growing_rows > kMaxGrowingRows) {
    return InvalidField(
        "growing_rows",
        absl::StrCat("is ", growing_rows, ", must be 1 to ", kMaxGrowingRows));
  }
  if (max_segment_rows < growing_rows || max_segment_rows > kMaxSegmentRows) {
    return InvalidField("max_segment_rows",
                        absl::StrCat("is ", max_segment_rows, ", must be ",
                                     growing_rows, " to ", kMaxSegmentRows));
  }
  // Written so that NaN fails.
  if (!(max_dead_share > 0 && max_dead_share <= 1)) {
    return InvalidField(
        "max_dead_share",
        absl::StrCat("is ", max_dead_share, ", must be above 0 and at most 1"));
  }
  return graph.Validate();
}

}  // namespace likeness
