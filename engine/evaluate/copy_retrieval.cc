#include "engine/evaluate/copy_retrieval.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "absl/synchronization/mutex.h"
#include "engine/core/parallel.h"

namespace likeness {
namespace {

constexpr size_t kQueriesATurn = 64;  // Share one set of counters.
constexpr double kPrecisionAsked = 0.9;

// The distinct similarities of copies to their originals, falling.
std::vector<float> Thresholds(const std::vector<CopyScore>& scores) {
  std::vector<float> thresholds;
  thresholds.reserve(scores.size());
  for (const CopyScore& score : scores) thresholds.push_back(score.similarity);
  std::sort(thresholds.begin(), thresholds.end(), std::greater<>());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()),
                   thresholds.end());
  return thresholds;
}

// Number of the first threshold that `similarity` meets; their number: none.
size_t FirstMet(const std::vector<float>& thresholds, float similarity) {
  const auto found = std::lower_bound(thresholds.begin(), thresholds.end(),
                                      similarity, std::greater<>());
  return static_cast<size_t>(found - thresholds.begin());
}

// Ranks the references for one query by `similarities`; its wrong pairs go into
// `wrong`, by the first threshold that each meets.
void RankReferences(const std::vector<float>& similarities,
                    const std::vector<float>& thresholds, CopyScore& score,
                    std::vector<uint64_t>& wrong) {
  score.rank = 1;
  score.nearest_wrong = similarities.size();
  score.wrong_similarity = -std::numeric_limits<float>::infinity();
  const auto bin_of = [&](size_t met) {
    return met * kCopyBins / thresholds.size();
  };
  score.bin = bin_of(FirstMet(thresholds, score.similarity));
  for (size_t i = 0; i < similarities.size(); ++i) {
    if (i == score.original) continue;
    if (similarities[i] >= score.similarity) ++score.rank;
    if (similarities[i] > score.wrong_similarity) {
      score.nearest_wrong = i;
      score.wrong_similarity = similarities[i];
    }
    const size_t met = FirstMet(thresholds, similarities[i]);
    if (met == thresholds.size()) continue;  // Below every original.
    ++wrong[met];
    ++score.wrong_bins[bin_of(met)];
  }
}

std::vector<PrecisionRecall> MakeCurve(const std::vector<CopyScore>& scores,
                                       const std::vector<float>& thresholds,
                                       const std::vector<uint64_t>& wrong) {
  std::vector<uint64_t> right(thresholds.size(), 0);
  for (const CopyScore& score : scores) {
    ++right[FirstMet(thresholds, score.similarity)];
  }
  std::vector<PrecisionRecall> curve(thresholds.size());
  double accepted_right = 0;
  double accepted_wrong = 0;
  for (size_t i = 0; i < thresholds.size(); ++i) {
    accepted_right += static_cast<double>(right[i]);
    accepted_wrong += static_cast<double>(wrong[i]);
    curve[i] = {thresholds[i],
                accepted_right / (accepted_right + accepted_wrong),
                accepted_right / static_cast<double>(scores.size())};
  }
  return curve;
}

}  // namespace

CopyResult ScoreCopies(
    const UnitRows& queries, absl::Span<const size_t> originals,
    const UnitRows& references, int threads,
    absl::Span<const std::vector<SecondScore>> second_scores) {
  const auto seconds_of = [second_scores](size_t query) {
    return second_scores.empty() ? absl::Span<const SecondScore>()
                                 : absl::MakeConstSpan(second_scores[query]);
  };
  CopyResult result;
  result.scores.resize(queries.size());
  for (size_t i = 0; i < queries.size(); ++i) {
    result.scores[i].original = originals[i];
    result.scores[i].similarity =
        InnerProduct(references[originals[i]], queries[i]);
    for (const SecondScore& second : seconds_of(i)) {
      if (second.reference != originals[i]) continue;
      result.scores[i].similarity = second.score;
    }
  }
  const std::vector<float> thresholds = Thresholds(result.scores);
  absl::Mutex mutex;  // Guards `wrong`.
  std::vector<uint64_t> wrong(thresholds.size(), 0);
  const size_t turns = (queries.size() + kQueriesATurn - 1) / kQueriesATurn;
  ParallelFor(turns, threads, [&](size_t turn) {
    std::vector<uint64_t> counted(thresholds.size(), 0);
    std::vector<float> similarities(references.size());
    const size_t end = std::min(queries.size(), (turn + 1) * kQueriesATurn);
    for (size_t i = turn * kQueriesATurn; i < end; ++i) {
      Similarities(references, queries[i], absl::MakeSpan(similarities));
      for (const SecondScore& second : seconds_of(i)) {
        similarities[second.reference] = second.score;
      }
      RankReferences(similarities, thresholds, result.scores[i], counted);
    }
    const absl::MutexLock lock(&mutex);
    std::transform(wrong.begin(), wrong.end(), counted.begin(), wrong.begin(),
                   std::plus<>());
  });
  result.curve = MakeCurve(result.scores, thresholds, wrong);
  return result;
}

CopyMetrics SummarizeCopies(const CopyResult& result) {
  CopyMetrics metrics;
  for (const CopyScore& score : result.scores) {
    if (score.rank == 1) metrics.recall_at_1 += 1;
  }
  metrics.recall_at_1 /= static_cast<double>(result.scores.size());
  double recall = 0;
  for (const PrecisionRecall& point : result.curve) {
    metrics.micro_ap += (point.recall - recall) * point.precision;
    recall = point.recall;
    if (point.precision >= kPrecisionAsked) metrics.recall_at_p90 = recall;
  }
  return metrics;
}

CopyMetrics SummarizeCopies(const CopyResult& result,
                            absl::Span<const double> original_weights) {
  std::array<double, kCopyBins> right{};
  std::array<double, kCopyBins> wrong{};
  double total = 0;
  CopyMetrics metrics;
  for (const CopyScore& score : result.scores) {
    const double weight = original_weights[score.original];
    if (weight == 0) continue;
    total += weight;
    if (score.rank == 1) metrics.recall_at_1 += weight;
    right[score.bin] += weight;
    for (size_t bin = 0; bin < kCopyBins; ++bin) {
      wrong[bin] += weight * score.wrong_bins[bin];
    }
  }
  metrics.recall_at_1 /= total;
  double accepted_right = 0;
  double accepted_wrong = 0;
  double last_precision = 1;
  const bool exact = result.curve.size() <= kCopyBins;
  for (size_t bin = 0; bin < kCopyBins; ++bin) {
    accepted_right += right[bin];
    accepted_wrong += wrong[bin];
    if (accepted_right == 0) continue;
    const double precision = accepted_right / (accepted_right + accepted_wrong);
    // Where a bin holds several thresholds, the curve is taken for a straight
    // line.
    const double mean = exact ? precision : (last_precision + precision) / 2;
    metrics.micro_ap += right[bin] / total * mean;
    last_precision = precision;
    if (precision >= kPrecisionAsked) {
      metrics.recall_at_p90 = accepted_right / total;
    }
  }
  return metrics;
}

}  // namespace likeness
