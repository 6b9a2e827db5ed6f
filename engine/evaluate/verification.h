// Verification: are two pictures of the same class? Judged over pairs.
#ifndef LIKENESS_ENGINE_EVALUATE_VERIFICATION_H_
#define LIKENESS_ENGINE_EVALUATE_VERIFICATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "engine/evaluate/retrieval.h"

namespace likeness {

struct ScoredPair {
  float similarity = 0;
  bool match = false;
  int label_a = 0;
  int label_b = 0;
};

struct PairOptions {
  // At most so many matches and so many others; beyond, drawn at random.
  size_t max_pairs = 500'000;
  uint64_t seed = 1;
};

// Row numbers, first < second.
struct PairList {
  std::vector<std::pair<size_t, size_t>> matches;  // Of one class.
  std::vector<std::pair<size_t, size_t>> others;   // Of two classes.
};

// All pairs of rows, or a seeded sample; the same pairs for every descriptor.
PairList ListPairs(absl::Span<const int> labels, const PairOptions& options);

// Sorted by falling similarity.
std::vector<ScoredPair> ScorePairs(const LabelledRows& data,
                                   const PairList& pairs);

struct RocPoint {
  float threshold = 0;       // Accepted: similarity >= threshold.
  double false_accepts = 0;  // Share of the others that are accepted.
  double true_accepts = 0;   // Share of the matches that are accepted.
};

inline constexpr std::array kFalseAcceptRates = {1e-1, 1e-2, 1e-3};

struct VerificationMetrics {
  double auc = 0;  // Area under the ROC curve.
  double eer = 0;  // Equal error rate: false accepts = false rejects.
  // Largest share of true accepts with at most kFalseAcceptRates[i] false ones;
  // NaN when that rate is fewer than 10 of the pairs.
  std::array<double, kFalseAcceptRates.size()> true_accepts{};
};

// Of pairs sorted by falling similarity; equal similarities are accepted
// together, so that in the AUC a tie counts half (Fawcett 2006, "An
// introduction to ROC analysis"). The EER is read off the line between the two
// neighbouring points. A match weighs its class's weight, another pair the
// product of its classes'. NaN without matches or without others.
VerificationMetrics SummarizePairs(absl::Span<const ScoredPair> sorted,
                                   absl::Span<const double> label_weights);

// The points of the ROC curve, by falling threshold, without that of nothing
// accepted.
std::vector<RocPoint> RocCurve(absl::Span<const ScoredPair> sorted);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_VERIFICATION_H_
