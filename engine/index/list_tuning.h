// How many lists a search must scan to find a given share of the nearest.
// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_LIST_TUNING_H_
#define LIKENESS_ENGINE_INDEX_LIST_TUNING_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/index/ivf_centroids.h"
#include "engine/index/reach.h"

namespace likeness {

// Measures the fewest lists, those whose centroids are most like a query, that
// hold a share of its nearest neighbours: which lists these are in tells that,
// without a search. `list_of` has the list of each row that counts. CANCELLED
// when the pace of `job` says so.
absl::StatusOr<ReachTable> TuneLists(const NearestJob& job,
                                     const IvfCentroids& centroids,
                                     absl::Span<const uint32_t> list_of);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_LIST_TUNING_H_
