#ifndef LIKENESS_TOOLS_QUERY_SPEED_H_
#define LIKENESS_TOOLS_QUERY_SPEED_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/index/vector_index.h"

namespace likeness {

// Queries a second, by the clock and by what the processor spent on them, which
// other programs on the same machine change less.
struct QuerySpeed {
  double by_clock = 0;
  double by_cpu = 0;
};

// How fast `index` answers `queries` (row-major, at least one), one after the
// other from each of `threads`, for about `seconds`. Every row is allowed.
absl::StatusOr<QuerySpeed> MeasureQuerySpeed(const VectorIndex& index,
                                             absl::Span<const float> queries,
                                             const IndexSearchParams& params,
                                             double seconds, int threads);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_QUERY_SPEED_H_
