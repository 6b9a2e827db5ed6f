#ifndef LIKENESS_ENGINE_COLLECTION_MERGE_PLAN_H_
#define LIKENESS_ENGINE_COLLECTION_MERGE_PLAN_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "engine/collection/segment.h"
#include "engine/collection/segment_options.h"

namespace likeness {

// Neighbours [first, first + count).
struct SegmentRange {
  size_t first = 0;
  size_t count = 0;

  friend bool operator==(const SegmentRange&, const SegmentRange&) = default;
};

// In rows, or as many vectors (WeightOf): of live ones about as large a share
// as of the rows.
struct SegmentSize {
  size_t rows = 0;
  size_t live = 0;
  bool sealed = false;
};
std::vector<SegmentSize> SizesOf(absl::Span<const SegmentView> segments);

// Which neighbours among `sizes` (those of all segments but the growing one, in
// order) to build into one sealed segment next; nullopt when all is well.
//
// All frozen segments become one at once, together with the sealed ones before
// them that are less than twice as large as what follows. So sealed segments at
// least double from the newest to the oldest, and there are O(log n) of them;
// with each build a row's segment grows by half at least, so that a row is
// built into O(log n) graphs (the logarithmic method of Bentley and Saxe,
// 1980), fewer when writers are faster than the builder.
std::optional<SegmentRange> PlanMerge(absl::Span<const SegmentSize> sizes,
                                      const SegmentOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_MERGE_PLAN_H_
