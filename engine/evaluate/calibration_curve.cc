#include "engine/evaluate/calibration_curve.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "engine/core/error.h"

namespace likeness {
namespace {

constexpr int kMostSteps = 100;
constexpr double kSmallGradient = 1e-10;
constexpr double kRidge = 1e-12;  // Keeps the Hessian invertible.

struct TargetPair {
  double similarity = 0;
  double target = 0;  // Of the probability.
};

// log(1 + exp(z)) without overflow.
double LogOnePlusExp(double z) {
  return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z));
}

// Cross-entropy of the targets.
double Loss(const std::vector<TargetPair>& pairs, const PlattCurve& curve) {
  double loss = 0;
  for (const TargetPair& pair : pairs) {
    const double z = curve.slope * pair.similarity + curve.intercept;
    loss += LogOnePlusExp(z) - (1 - pair.target) * z;
  }
  return loss;
}

struct Derivatives {
  double slope = 0;  // First,
  double intercept = 0;
  double slope_slope = kRidge;  // and second ones.
  double slope_intercept = 0;
  double intercept_intercept = kRidge;
};

Derivatives Derive(const std::vector<TargetPair>& pairs,
                   const PlattCurve& curve) {
  Derivatives sum;
  for (const TargetPair& pair : pairs) {
    const double z = curve.slope * pair.similarity + curve.intercept;
    const double p = 1 / (1 + std::exp(z));
    const double first = pair.target - p;
    const double second = p * (1 - p);
    sum.slope += first * pair.similarity;
    sum.intercept += first;
    sum.slope_slope += second * pair.similarity * pair.similarity;
    sum.slope_intercept += second * pair.similarity;
    sum.intercept_intercept += second;
  }
  return sum;
}

// Newton's step, halved until the loss falls; false when it can't.
bool Step(const std::vector<TargetPair>& pairs, PlattCurve& curve) {
  const Derivatives d = Derive(pairs, curve);
  if (std::hypot(d.slope, d.intercept) < kSmallGradient) return false;
  const double determinant = d.slope_slope * d.intercept_intercept -
                             d.slope_intercept * d.slope_intercept;
  const double step_slope =
      -(d.intercept_intercept * d.slope - d.slope_intercept * d.intercept) /
      determinant;
  const double step_intercept =
      -(d.slope_slope * d.intercept - d.slope_intercept * d.slope) /
      determinant;
  const double before = Loss(pairs, curve);
  const double fall = d.slope * step_slope + d.intercept * step_intercept;
  for (double part = 1; part > 1e-10; part /= 2) {
    const PlattCurve next = {curve.slope + part * step_slope,
                             curve.intercept + part * step_intercept};
    if (Loss(pairs, next) <= before + 1e-4 * part * fall) {
      curve = next;
      return true;
    }
  }
  return false;
}

// A run of similarities with one probability.
struct Block {
  float first = 0;
  float last = 0;
  double matches = 0;  // Weights.
  double total = 0;
  double probability() const { return matches / total; }
};

}  // namespace

absl::StatusOr<PlattCurve> FitPlatt(absl::Span<const CalibrationPair> pairs) {
  double matches = 0;
  for (const CalibrationPair& pair : pairs) matches += pair.match ? 1 : 0;
  const double others = static_cast<double>(pairs.size()) - matches;
  std::vector<TargetPair> targets;
  targets.reserve(pairs.size());
  // Platt's targets: a match is not certain, nor is the contrary (the rule of
  // succession for each kind).
  for (const CalibrationPair& pair : pairs) {
    targets.push_back({.similarity = pair.similarity,
                       .target = pair.match ? (matches + 1) / (matches + 2)
                                            : 1 / (others + 2)});
  }
  PlattCurve curve = {0, std::log((others + 1) / (matches + 1))};
  for (int i = 0; i < kMostSteps && Step(targets, curve); ++i) {
  }
  if (!(curve.slope < 0)) {
    return InvalidField("pairs",
                        "matches are no more alike than other pairs: there is "
                        "nothing to calibrate");
  }
  return curve;
}

std::vector<CalibrationKnot> FitIsotonic(
    absl::Span<const CalibrationPair> pairs, double match_weight,
    double other_weight) {
  std::vector<CalibrationPair> sorted(pairs.begin(), pairs.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const CalibrationPair& a, const CalibrationPair& b) {
              return a.similarity < b.similarity;
            });
  std::vector<Block> blocks;
  for (size_t i = 0; i < sorted.size();) {
    // Equal similarities have one probability.
    Block block{.first = sorted[i].similarity, .last = sorted[i].similarity};
    for (; i < sorted.size() && sorted[i].similarity == block.first; ++i) {
      const double weight = sorted[i].match ? match_weight : other_weight;
      block.total += weight;
      if (sorted[i].match) block.matches += weight;
    }
    while (!blocks.empty() &&
           blocks.back().probability() >= block.probability()) {
      block.first = blocks.back().first;
      block.matches += blocks.back().matches;
      block.total += blocks.back().total;
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  // No finite number of pairs makes certain: the ends keep to what Platt's
  // targets would be.
  const auto matches = static_cast<double>(
      std::count_if(pairs.begin(), pairs.end(),
                    [](const CalibrationPair& pair) { return pair.match; }));
  const double least = 1 / (static_cast<double>(pairs.size()) - matches + 2);
  const double most = (matches + 1) / (matches + 2);
  std::vector<CalibrationKnot> knots;
  for (const Block& block : blocks) {
    const auto probability =
        static_cast<float>(std::clamp(block.probability(), least, most));
    knots.push_back({block.first, probability});
    if (block.last > block.first) knots.push_back({block.last, probability});
  }
  return knots;
}

}  // namespace likeness
