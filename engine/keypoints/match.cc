#include "engine/keypoints/match.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/keypoints/agreement.h"
#include "engine/keypoints/pairs.h"

namespace likeness {
namespace {

constexpr size_t kFittedPairs = 3;  // An affine mapping agrees with any three.
constexpr double kHalfScore = 20;   // Evidence that is worth 1.5.

// log10 of the probability that of `trials` independent events, each of
// `chance`, `wanted` or more happen.
double LogTail(size_t trials, size_t wanted, double chance) {
  const auto n = static_cast<double>(trials);
  const auto k = static_cast<double>(wanted);
  const double first = std::lgamma(n + 1) - std::lgamma(k + 1) -
                       std::lgamma(n - k + 1) + k * std::log(chance) +
                       (n - k) * std::log1p(-chance);
  // Each term of the sum in units of the first.
  double term = 1;
  double sum = 1;
  for (double i = k + 1; i <= n; ++i) {
    term *= (n - i + 1) / i * chance / (1 - chance);
    sum += term;
  }
  return (first + std::log(sum)) / std::log(10.0);
}

KeypointMatch MatchOneWay(const Keypoints& query, const Keypoints& reference) {
  const std::vector<AlikePoints> pairs = FindAlikePoints(query, reference);
  const Agreement agreement = FindAgreement(pairs);
  KeypointMatch match{
      .alike = pairs.size(), .inliers = agreement.places, .map = agreement.map};
  if (match.inliers > kFittedPairs) {
    // One trial for each pair's proposal.
    const double expected =
        std::log10(static_cast<double>(pairs.size())) +
        LogTail(pairs.size() - kFittedPairs, match.inliers - kFittedPairs,
                ChanceOfAgreement(reference.width, reference.height,
                                  agreement.map));
    match.evidence = std::max(0.0, -expected);
  }
  return match;
}

}  // namespace

bool KeypointMatch::IsProof() const { return evidence >= kProof; }

KeypointMatch MatchKeypoints(const Keypoints& query,
                             const Keypoints& mirrored_query,
                             const Keypoints& reference) {
  const KeypointMatch plain = MatchOneWay(query, reference);
  KeypointMatch mirrored = MatchOneWay(mirrored_query, reference);
  mirrored.mirrored = true;
  return mirrored.evidence > plain.evidence ? mirrored : plain;
}

KeypointMatch MatchKeypoints(const Keypoints& query,
                             const Keypoints& reference) {
  return MatchKeypoints(query, MirrorKeypoints(query), reference);
}

float SecondLookScore(float cosine, const KeypointMatch& match) {
  if (!match.IsProof()) return cosine;
  return static_cast<float>(1 + match.evidence / (match.evidence + kHalfScore));
}

}  // namespace likeness
