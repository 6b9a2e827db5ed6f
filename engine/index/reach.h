// How far a search must go to find what lies so far from a query. Private to
// engine/index.
#ifndef LIKENESS_ENGINE_INDEX_REACH_H_
#define LIKENESS_ENGINE_INDEX_REACH_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/index/vector_index.h"

namespace likeness {

// The least effort that meets a share of a query's nearest neighbours: lists
// scanned, or candidates of a walk over a graph, each with all that it is
// linked with. Stored as it lies in memory.
struct ReachPoint {
  uint32_t neighbors = 0;
  float recall = 0;
  uint32_t effort = 0;

  friend bool operator==(const ReachPoint&, const ReachPoint&) = default;
};

// Measurements of one index. Immutable, thread-safe.
//
// They are made for several numbers of neighbours, for it is hard to say from
// the ten nearest where the hundred nearest lie: vectors are clustered. A
// filter asks the same: where one row in ten is allowed, the ten nearest of
// those are about a tenth of the hundred nearest.
class ReachTable {
 public:
  ReachTable() = default;

  // DATA_LOSS unless numbers of neighbours rise, for each of them recalls,
  // which lie in (0, 1], and every effort is in 1 to `most`.
  static absl::StatusOr<ReachTable> Make(std::vector<ReachPoint> points,
                                         size_t most);

  const std::vector<ReachPoint>& points() const { return points_; }

  // The effort for a recall target and so many neighbours, 1 or more: that of
  // the next number that was measured, for between two of them it may rise at
  // once, where the clusters end. nullopt where nothing of that recall, or of
  // so many neighbours, was measured.
  std::optional<size_t> EffortFor(float recall_target, double neighbors) const;

 private:
  std::vector<ReachPoint> points_;
};

// How many rows a search passes before it has `k` that are allowed when that
// share of them is, which is above 0: so many on average, and so many standard
// deviations more (of the negative binomial distribution). By default one, for
// what lies further is harder to find.
double NeighborsToPass(double k, double share, double deviations = 1);

// The same for the rows that a filter allows, if it does so evenly.
double EvenNeighbors(size_t k, size_t rows, size_t allowed,
                     double deviations = 1);

// The neighbours whose recall tells that of an answer of `k` whose last row is
// the `met`-th nearest of all. What is hidden beyond what an even filter may
// hide by chance lies before the answer, not among it: of twice as many
// neighbours, the middle one is as hard to find.
double NeighborsPastHidden(double met, size_t k, size_t rows, size_t allowed);

struct NearestJob {
  const VectorIndex& index;         // Only Score is used.
  absl::Span<const float> queries;  // Row-major.
  const Bitmap& left_out;           // Rows that don't count; empty: all do.
  // Called for each query and block of rows; may be null.
  const std::function<bool()>& pace;
};

// The nearest rows of each query, best first: as many as TabulateReach has a
// use for. All rows are scored for each query; they are read once, block by
// block. CANCELLED when `pace` says so.
absl::StatusOr<std::vector<std::vector<Neighbor>>> FindNearest(
    const NearestJob& job);

inline constexpr uint32_t kNeverReached = std::numeric_limits<uint32_t>::max();

// Of the steps in which an effort is raised: about an eighth at a time.
size_t NextEffort(size_t effort);

// For recalls from .8 to .999 and 10, 20, 40 ... 10,240 neighbours (but no more
// than a tenth of `rows`, beyond the first), the least effort from `least` to
// `most`, in steps, with which the mean recall of the queries reaches it with
// 95 % confidence (a one-sided normal bound). `efforts` has of each query's
// nearest rows, in their order, the least effort that meets them.
absl::StatusOr<ReachTable> TabulateReach(
    const std::vector<std::vector<uint32_t>>& efforts, size_t rows,
    size_t least, size_t most);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_REACH_H_
