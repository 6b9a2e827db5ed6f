// How many candidates a search over a graph must keep, or how many lists a
// search over lists must scan, to find a given share of the nearest.
#ifndef LIKENESS_ENGINE_INDEX_TUNING_H_
#define LIKENESS_ENGINE_INDEX_TUNING_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/index/vector_index.h"

namespace likeness {

// The smallest effort measured that reaches a recall: ef_search of a graph,
// nprobe of lists. Stored as it lies in memory.
struct TunedPoint {
  float recall = 0;
  uint32_t effort = 0;

  friend bool operator==(const TunedPoint&, const TunedPoint&) = default;
};

// Neighbours that recall is measured with.
inline constexpr int kTunedK = 10;

// Measurements of one index, by rising recall. Immutable, thread-safe.
class TuningTable {
 public:
  TuningTable() = default;
  // DATA_LOSS unless recalls rise and lie in (0, 1], and every effort in 1 to
  // `most`.
  static absl::StatusOr<TuningTable> Make(std::vector<TunedPoint> points,
                                          int most);

  const std::vector<TunedPoint>& points() const { return points_; }

  // The ef_search for a recall target and `k` neighbours. Twice the largest
  // that was measured when none reached the target; a fixed one when nothing
  // was measured. Every neighbour beyond kTunedK takes two more.
  int EfFor(float recall_target, int k) const;

 private:
  std::vector<TunedPoint> points_;
};

struct TuneOptions {
  // Each above 0 and below 1, rising.
  std::vector<float> recall_targets = {0.8F,  0.9F,   0.95F, 0.98F,
                                       0.99F, 0.995F, 0.999F};
  // Measures nprobe, up to this, in the place of ef_search; 0: ef_search.
  size_t lists = 0;
  // Called between queries; false cancels.
  std::function<bool()> pace;
};

// For each target the smallest effort of a geometric row with which the mean
// recall@kTunedK of `queries` (row-major), held against exact searches, reaches
// it with 95 % confidence (a one-sided normal bound over the queries). Targets
// that none reaches are left out. Takes an exact search for each query.
// CANCELLED when `pace` says so.
absl::StatusOr<TuningTable> TuneIndex(const VectorIndex& index,
                                      absl::Span<const float> queries,
                                      const TuneOptions& options = {});

// `count` queries that are like the index's own vectors: a random vector moved
// in parallel to the way from one of its neighbours to another, or, one time in
// twenty, when both are drawn the same, the vector itself. The same seed draws
// the same. Fewer than `count` when the index has fewer.
absl::StatusOr<std::vector<float>> SampleQueries(const VectorIndex& index,
                                                 int count, uint64_t seed);

// What the mean of what `values` (at least one) were drawn from is at least,
// with 95 % confidence, as far as it is distributed normally.
double LowerBoundOfMean(const std::vector<double>& values);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_TUNING_H_
