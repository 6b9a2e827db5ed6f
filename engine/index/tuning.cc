#include "engine/index/tuning.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr int kUntunedEf = 128;
constexpr int kUntunedNprobe = 16;
constexpr double kConfidence = 1.645;  // Of a one-sided 95 % bound.

// Of the difference of two neighbours, which moves a vector about as far from
// all others as a vector is that was never indexed.
constexpr float kSampleStep = 0.7F;

// Candidates worth a measurement: each about a fifth more than the one before.
constexpr int kEfSteps[] = {10,  12,  15,  18,  22,  27,  33,  40,   48,
                            58,  70,  84,  100, 120, 145, 175, 210,  250,
                            300, 360, 430, 520, 620, 750, 900, 1080, 1300};

// The same for lists, beginning with one: 1, 2, 3, ..., 5, 6, 8, ...
int NextNprobe(int nprobe) { return std::max(nprobe + 1, nprobe * 6 / 5); }

Bitmap AllRows(const VectorIndex& index) {
  Bitmap all;
  all.Grow(index.size(), true);
  return all;
}

// Answers that are at least as good as the worst exact one count: among equal
// neighbours any will do.
double Recall(const IndexSearchResult& found, const IndexSearchResult& exact) {
  if (exact.neighbors.empty()) return 1;
  const float bar = exact.neighbors.back().similarity;
  const auto hits = std::count_if(
      found.neighbors.begin(), found.neighbors.end(),
      [bar](const Neighbor& neighbor) { return neighbor.similarity >= bar; });
  return static_cast<double>(hits) /
         static_cast<double>(exact.neighbors.size());
}

class Tuner {
 public:
  Tuner(const VectorIndex& index, absl::Span<const float> queries,
        const TuneOptions& options)
      : index_(index),
        queries_(queries),
        options_(options),
        width_(static_cast<size_t>(index.dimensions())),
        all_(AllRows(index)) {}

  absl::StatusOr<TuningTable> Run() {
    ASSIGN_OR_RETURN(exact_, SearchAll({.k = kTunedK, .exact = true}));
    if (options_.lists == 0) {
      for (const int ef : kEfSteps) {
        RETURN_IF_ERROR(Measure({.k = kTunedK, .ef_search = ef}, ef));
        if (done()) break;
      }
      return TuningTable::Make(std::move(points_), kMaxEfSearch);
    }
    const int lists = static_cast<int>(options_.lists);
    for (int nprobe = 1; !done(); nprobe = NextNprobe(nprobe)) {
      nprobe = std::min(nprobe, lists);
      RETURN_IF_ERROR(Measure({.k = kTunedK, .nprobe = nprobe}, nprobe));
      if (nprobe == lists) break;
    }
    return TuningTable::Make(std::move(points_), lists);
  }

 private:
  bool done() const { return points_.size() == options_.recall_targets.size(); }

  // Adds the targets that `effort` is the first to reach.
  absl::Status Measure(const IndexSearchParams& params, int effort) {
    ASSIGN_OR_RETURN(const double recall, RecallWith(params));
    while (!done() && recall >= options_.recall_targets[points_.size()]) {
      points_.push_back({options_.recall_targets[points_.size()],
                         static_cast<uint32_t>(effort)});
    }
    return absl::OkStatus();
  }

  absl::StatusOr<double> RecallWith(const IndexSearchParams& params) const {
    ASSIGN_OR_RETURN(const auto found, SearchAll(params));
    std::vector<double> recalls;
    recalls.reserve(found.size());
    for (size_t i = 0; i < found.size(); ++i) {
      recalls.push_back(Recall(found[i], exact_[i]));
    }
    return LowerBoundOfMean(recalls);
  }

  // One by one: the build of an index must not take all cores.
  absl::StatusOr<std::vector<IndexSearchResult>> SearchAll(
      const IndexSearchParams& params) const {
    std::vector<IndexSearchResult> results;
    for (size_t at = 0; at < queries_.size(); at += width_) {
      if (options_.pace && !options_.pace()) {
        return absl::CancelledError("the tuning was cancelled");
      }
      ASSIGN_OR_RETURN(auto result, index_.Search(queries_.subspan(at, width_),
                                                  params, all_));
      results.push_back(std::move(result.front()));
    }
    return results;
  }

  const VectorIndex& index_;
  const absl::Span<const float> queries_;
  const TuneOptions& options_;
  const size_t width_;
  const Bitmap all_;
  std::vector<IndexSearchResult> exact_;
  std::vector<TunedPoint> points_;
};

}  // namespace

absl::StatusOr<TuningTable> TuningTable::Make(std::vector<TunedPoint> points,
                                              int most) {
  float below = 0;
  for (const TunedPoint& point : points) {
    if (!(point.recall > below && point.recall <= 1) || point.effort < 1 ||
        point.effort > static_cast<uint32_t>(most)) {
      return absl::DataLossError("is no table of rising recalls");
    }
    below = point.recall;
  }
  TuningTable table;
  table.points_ = std::move(points);
  return table;
}

int TuningTable::EfFor(float recall_target, int k) const {
  int ef = kUntunedEf;
  const auto reached = std::find_if(points_.begin(), points_.end(),
                                    [recall_target](const TunedPoint& point) {
                                      return point.recall >= recall_target;
                                    });
  if (reached != points_.end()) {
    ef = static_cast<int>(reached->effort);
  } else if (!points_.empty()) {
    ef = std::max(kUntunedEf, 2 * static_cast<int>(points_.back().effort));
  }
  return std::min(kMaxEfSearch, ef + 2 * std::max(0, k - kTunedK));
}

absl::StatusOr<TuningTable> TuneIndex(const VectorIndex& index,
                                      absl::Span<const float> queries,
                                      const TuneOptions& options) {
  RETURN_IF_ERROR(CheckWholeVectors("queries", queries.size(),
                                    static_cast<size_t>(index.dimensions())));
  if (queries.empty()) return TuningTable();
  return Tuner(index, queries, options).Run();
}

absl::StatusOr<std::vector<float>> SampleQueries(const VectorIndex& index,
                                                 int count, uint64_t seed) {
  const auto width = static_cast<size_t>(index.dimensions());
  const Bitmap all = AllRows(index);
  Random random(seed);
  std::vector<float> queries;
  std::vector<float> row(width);
  std::vector<float> plus(width);
  std::vector<float> minus(width);
  count = static_cast<int>(
      std::min<size_t>(static_cast<size_t>(count), index.size()));
  for (int i = 0; i < count; ++i) {
    index.Reconstruct(random.Below(index.size()), absl::MakeSpan(row));
    // Any effort will do: which of the near ones they are does not matter.
    ASSIGN_OR_RETURN(const auto found, index.Search(row,
                                                    {.k = 2 * kTunedK,
                                                     .ef_search = kUntunedEf,
                                                     .nprobe = kUntunedNprobe},
                                                    all));
    const std::vector<Neighbor>& near = found.front().neighbors;
    index.Reconstruct(near[random.Below(near.size())].ordinal,
                      absl::MakeSpan(plus));
    index.Reconstruct(near[random.Below(near.size())].ordinal,
                      absl::MakeSpan(minus));
    double squares = 0;
    for (size_t j = 0; j < width; ++j) {
      row[j] += kSampleStep * (plus[j] - minus[j]);
      squares += double{row[j]} * row[j];
    }
    const auto scale =
        static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
    for (const float value : row) queries.push_back(value * scale);
  }
  return queries;
}

double LowerBoundOfMean(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const auto count = static_cast<double>(values.size());
  const double mean = sum / count;
  const double variance = std::max(0.0, squares / count - mean * mean);
  return mean - kConfidence * std::sqrt(variance / count);
}

}  // namespace likeness
