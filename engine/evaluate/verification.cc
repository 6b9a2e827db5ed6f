#include "engine/evaluate/verification.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/random.h"

namespace likeness {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kFewestFalseAccepts = 10;

using Pairs = std::vector<std::pair<size_t, size_t>>;

// `list` keeps each of `seen` candidates with equal chance (Vitter 1985,
// algorithm R).
void KeepSome(std::pair<size_t, size_t> pair, size_t max, size_t seen,
              Random& random, Pairs& list) {
  if (list.size() < max) {
    list.push_back(pair);
  } else if (const size_t at = random.Below(seen); at < max) {
    list[at] = pair;
  }
}

// Accepted so far, as weights.
struct Accepted {
  double matches = 0;
  double others = 0;
};

double WeightOf(const ScoredPair& pair, absl::Span<const double> weights) {
  const double a = weights[static_cast<size_t>(pair.label_a)];
  return pair.match ? a : a * weights[static_cast<size_t>(pair.label_b)];
}

// Calls visit(threshold, accepted) once for each distinct similarity.
template <typename Visit>
void Walk(absl::Span<const ScoredPair> sorted, absl::Span<const double> weights,
          const Visit& visit) {
  Accepted accepted;
  for (size_t i = 0; i < sorted.size(); ++i) {
    (sorted[i].match ? accepted.matches : accepted.others) +=
        WeightOf(sorted[i], weights);
    if (i + 1 == sorted.size() ||
        sorted[i + 1].similarity != sorted[i].similarity) {
      visit(sorted[i].similarity, accepted);
    }
  }
}

// Where the line between two points of the curve has false accepts equal to
// false rejects; `before` has fewer.
double CrossingRate(const RocPoint& before, const RocPoint& after) {
  const double gap_before = (1 - before.true_accepts) - before.false_accepts;
  const double gap_after = (1 - after.true_accepts) - after.false_accepts;
  const double part = gap_before / (gap_before - gap_after);
  return before.false_accepts +
         part * (after.false_accepts - before.false_accepts);
}

}  // namespace

PairList ListPairs(absl::Span<const int> labels, const PairOptions& options) {
  PairList list;
  Random random(options.seed);
  size_t matches = 0;
  size_t others = 0;
  for (size_t a = 0; a < labels.size(); ++a) {
    for (size_t b = a + 1; b < labels.size(); ++b) {
      if (labels[a] == labels[b]) {
        KeepSome({a, b}, options.max_pairs, ++matches, random, list.matches);
      } else {
        KeepSome({a, b}, options.max_pairs, ++others, random, list.others);
      }
    }
  }
  return list;
}

std::vector<ScoredPair> ScorePairs(const LabelledRows& data,
                                   const PairList& pairs) {
  std::vector<ScoredPair> scored;
  scored.reserve(pairs.matches.size() + pairs.others.size());
  for (const Pairs* list : {&pairs.matches, &pairs.others}) {
    for (const auto& [a, b] : *list) {
      scored.push_back({.similarity = InnerProduct(data.rows[a], data.rows[b]),
                        .match = list == &pairs.matches,
                        .label_a = data.labels[a],
                        .label_b = data.labels[b]});
    }
  }
  std::sort(scored.begin(), scored.end(),
            [](const ScoredPair& a, const ScoredPair& b) {
              return a.similarity > b.similarity;
            });
  return scored;
}

VerificationMetrics SummarizePairs(absl::Span<const ScoredPair> sorted,
                                   absl::Span<const double> label_weights) {
  Accepted total;
  size_t num_others = 0;
  for (const ScoredPair& pair : sorted) {
    (pair.match ? total.matches : total.others) +=
        WeightOf(pair, label_weights);
    if (!pair.match) ++num_others;
  }
  VerificationMetrics metrics{
      .auc = kNan, .eer = kNan, .true_accepts = {kNan, kNan, kNan}};
  if (total.matches == 0 || total.others == 0) return metrics;
  for (size_t i = 0; i < kFalseAcceptRates.size(); ++i) {
    const double allowed =
        kFalseAcceptRates[i] * static_cast<double>(num_others);
    if (allowed >= kFewestFalseAccepts) metrics.true_accepts[i] = 0;
  }
  metrics.auc = 0;
  RocPoint last;
  Walk(sorted, label_weights, [&](float threshold, const Accepted& accepted) {
    const RocPoint point{.threshold = threshold,
                         .false_accepts = accepted.others / total.others,
                         .true_accepts = accepted.matches / total.matches};
    metrics.auc += (point.false_accepts - last.false_accepts) *
                   (point.true_accepts + last.true_accepts) / 2;
    if (std::isnan(metrics.eer) &&
        point.false_accepts >= 1 - point.true_accepts) {
      metrics.eer = CrossingRate(last, point);
    }
    for (size_t i = 0; i < kFalseAcceptRates.size(); ++i) {
      if (!std::isnan(metrics.true_accepts[i]) &&
          point.false_accepts <= kFalseAcceptRates[i]) {
        metrics.true_accepts[i] = point.true_accepts;
      }
    }
    last = point;
  });
  return metrics;
}

std::vector<RocPoint> RocCurve(absl::Span<const ScoredPair> sorted) {
  int classes = 0;
  for (const ScoredPair& pair : sorted) {
    classes = std::max({classes, pair.label_a + 1, pair.label_b + 1});
  }
  const std::vector<double> ones(static_cast<size_t>(classes), 1.0);
  std::vector<RocPoint> curve;
  Accepted last;
  Walk(sorted, ones, [&](float threshold, const Accepted& accepted) {
    curve.push_back({threshold, accepted.others, accepted.matches});
    last = accepted;
  });
  for (RocPoint& point : curve) {
    if (last.others > 0) point.false_accepts /= last.others;
    if (last.matches > 0) point.true_accepts /= last.matches;
  }
  return curve;
}

}  // namespace likeness
