// How many lists a search must scan to find a given share of the nearest.
// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_LIST_TUNING_H_
#define LIKENESS_ENGINE_INDEX_LIST_TUNING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/index/ivf_centroids.h"
#include "engine/index/vector_index.h"

namespace likeness {

// The fewest lists, those whose centroids are most like a query, that hold a
// share of its nearest neighbours. Stored as it lies in memory.
struct ListPoint {
  uint32_t neighbors = 0;
  float recall = 0;
  uint32_t nprobe = 0;

  friend bool operator==(const ListPoint&, const ListPoint&) = default;
};

// Measurements of one index. Immutable, thread-safe.
//
// They are made for several numbers of neighbours, for it is hard to say from
// the ten nearest where the hundred nearest lie: vectors are clustered. A
// filter asks the same: where one row in ten is allowed, the ten nearest of
// those are about a tenth of the hundred nearest.
class ListTuning {
 public:
  ListTuning() = default;

  // `lists` is how many there are. DATA_LOSS unless numbers of neighbours rise,
  // for each of them recalls, which lie in (0, 1], and every nprobe is in 1 to
  // `lists`.
  static absl::StatusOr<ListTuning> Make(std::vector<ListPoint> points,
                                         size_t lists);

  const std::vector<ListPoint>& points() const { return points_; }

  // The nprobe for a recall target and so many neighbours, 1 or more:
  // interpolated between the numbers that were measured (as a power of their
  // ratio), and a quarter more, for queries that are not made of the index's
  // rows lie a little further from the centroids that are. All lists where
  // nothing of that recall, or of so many neighbours, was measured.
  size_t NprobeFor(float recall_target, double neighbors) const;

 private:
  // The points of each number of neighbours that reach a recall first.
  std::vector<ListPoint> Reaching(float recall_target) const;

  std::vector<ListPoint> points_;
  size_t lists_ = 1;
};

struct ListTuneJob {
  const VectorIndex& index;  // Only Score is used.
  const IvfCentroids& centroids;
  absl::Span<const uint32_t> list_of;  // By row.
  absl::Span<const float> queries;     // Row-major.
  // Called for each query and block of rows; may be null.
  const std::function<bool()>& pace;
};

// Measures, for recalls from .8 to .999 and 10, 100, 1,000 and 10,000
// neighbours (but no more than a tenth of the rows, beyond the first), the
// fewest lists with which the mean recall of the queries reaches it with 95 %
// confidence (a one-sided normal bound). All rows are scored for each query,
// which tells in which lists its neighbours are: no search is needed. They are
// read once, block by block. CANCELLED when `pace` says so.
absl::StatusOr<ListTuning> TuneLists(const ListTuneJob& job);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_LIST_TUNING_H_
