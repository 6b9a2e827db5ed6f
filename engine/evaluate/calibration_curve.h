// The two curves of engine/evaluate/calibrate.h.
#ifndef LIKENESS_ENGINE_EVALUATE_CALIBRATION_CURVE_H_
#define LIKENESS_ENGINE_EVALUATE_CALIBRATION_CURVE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/evaluate/calibrate.h"

namespace likeness {

struct PlattCurve {
  double slope = 0;  // Of 1 / (1 + exp(slope x similarity + intercept)).
  double intercept = 0;
};

// At the pairs' own share of matches; both kinds are there. INVALID_ARGUMENT
// when the curve does not rise.
absl::StatusOr<PlattCurve> FitPlatt(absl::Span<const CalibrationPair> pairs);

// Rising knots, two for each pooled block: where it begins and ends. Each match
// weighs `match_weight`, each other pair `other_weight`.
std::vector<CalibrationKnot> FitIsotonic(
    absl::Span<const CalibrationPair> pairs, double match_weight,
    double other_weight);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_CALIBRATION_CURVE_H_
