// What a similarity is worth: the probability that two pictures match, and the
// thresholds that hold a stated precision. One Calibration a space; fitted by
// engine/evaluate/calibrate.h, kept in the bundle's card.
#ifndef LIKENESS_ENGINE_EMBED_CALIBRATION_H_
#define LIKENESS_ENGINE_EMBED_CALIBRATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

struct CalibrationKnot {
  float similarity = 0;
  float probability = 0;

  friend bool operator==(const CalibrationKnot&,
                         const CalibrationKnot&) = default;
};

// Pairs with this similarity or a larger one are called a match.
struct CalibratedThreshold {
  double precision = 0;    // That was asked for, 0..1.
  float similarity = 0;    // Inclusive.
  double observed = 0;     // Precision among the held-out pairs, at the prior.
  double lower_bound = 0;  // Of the precision: 95 %, one-sided.
  int64_t accepted = 0;    // Held-out pairs at or above it.
  double recall = 0;       // Share of the true matches among all that it keeps.

  friend bool operator==(const CalibratedThreshold&,
                         const CalibratedThreshold&) = default;
};

// A precision that the held-out pairs can't vouch for.
struct RefusedPrecision {
  double precision = 0;
  // How many pairs like them it would take at least; 0: none would do, because
  // the similarity does not tell that well apart.
  int64_t pairs_needed = 0;

  friend bool operator==(const RefusedPrecision&,
                         const RefusedPrecision&) = default;
};

struct Calibration {
  // "platt": 1 / (1 + exp(slope x similarity + intercept)), slope < 0.
  // "isotonic": straight lines between `knots`, level beyond their ends.
  std::string method;
  double slope = 0;
  double intercept = 0;
  std::vector<CalibrationKnot> knots;  // Rising in both.

  // Share of true matches among the pairs that will be judged: what all
  // probabilities and precisions here assume.
  double prior = 0;
  std::string data;     // Where the held-out pairs came from, for people.
  int64_t matches = 0;  // Held-out pairs that are true matches,
  int64_t others = 0;   // and those that are not.
  std::vector<CalibratedThreshold> thresholds;  // By rising precision.
  std::vector<RefusedPrecision> refused;        // By rising precision.

  // That a pair of this similarity (cosine) is a match, 0..1; never falls as
  // the similarity rises.
  double Probability(float similarity) const;

  // The threshold for at least `precision`: the loosest that was fitted for it
  // or for a higher one. NOT_FOUND says which there are, and what a refused one
  // would take.
  absl::StatusOr<CalibratedThreshold> ThresholdFor(double precision) const;

  // The threshold of the highest precision that `similarity` meets; empty when
  // it meets none: no match can be claimed.
  std::optional<CalibratedThreshold> Met(float similarity) const;

  friend bool operator==(const Calibration&, const Calibration&) = default;
};

// The form that bundles keep.
nlohmann::json CalibrationToJson(const Calibration& calibration);

// Checks everything: types, ranges, and that knots and thresholds rise.
// INVALID_ARGUMENT blames the member by its path below `field`
// ("calibration.copy.thresholds[1].recall").
absl::StatusOr<Calibration> CalibrationFromJson(const nlohmann::json& json,
                                                absl::string_view field);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_CALIBRATION_H_
