#include "engine/index/list_tuning.h"

#include <cstddef>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/index/list_scan.h"

namespace likeness {
namespace {

// How many lists a search scans before it is through with each.
std::vector<uint32_t> PlacesOfLists(const IvfCentroids& centroids,
                                    const float* query) {
  std::vector<uint32_t> places(centroids.count());
  ListOrder order(centroids, query);
  for (uint32_t place = 1; order.has_next(); ++place) {
    places[order.Next()] = place;
  }
  return places;
}

}  // namespace

absl::StatusOr<ReachTable> TuneLists(const NearestJob& job,
                                     const IvfCentroids& centroids,
                                     absl::Span<const uint32_t> list_of) {
  ASSIGN_OR_RETURN(const auto nearest, FindNearest(job));
  const auto width = static_cast<size_t>(job.index.dimensions());
  std::vector<std::vector<uint32_t>> efforts;
  for (size_t i = 0; i < nearest.size(); ++i) {
    const auto places = PlacesOfLists(centroids, &job.queries[i * width]);
    std::vector<uint32_t>& each = efforts.emplace_back();
    each.reserve(nearest[i].size());
    for (const Neighbor& neighbor : nearest[i]) {
      each.push_back(places[list_of[neighbor.ordinal]]);
    }
  }
  return TabulateReach(efforts, job.index.size(), 1, centroids.count());
}

}  // namespace likeness
