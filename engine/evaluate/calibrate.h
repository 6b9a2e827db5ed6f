// Fits a Calibration (engine/embed/calibration.h) to held-out pairs.
#ifndef LIKENESS_ENGINE_EVALUATE_CALIBRATE_H_
#define LIKENESS_ENGINE_EVALUATE_CALIBRATE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/embed/calibration.h"

namespace likeness {

// One pair of pictures that no training has seen.
struct CalibrationPair {
  float similarity = 0;
  bool match = false;
};

// Below this many pairs a curve of two parameters is fitted, from it on one
// that follows the data.
inline constexpr size_t kIsotonicPairs = 1000;

struct CalibrateOptions {
  // Share of true matches among the pairs that will be judged, 0..1. The
  // held-out pairs may have any other: they are weighed.
  double prior = 0.01;
  // For which thresholds are wanted, each above 0 and below 1.
  std::vector<double> precisions = {0.9, 0.95, 0.99};
  std::string data = {};  // Where the pairs came from, for people.

  // INVALID_ARGUMENT names the field.
  absl::Status Validate() const;
};

// The curve: below kIsotonicPairs Platt's (1999, "Probabilistic Outputs for
// Support Vector Machines", with the targets and the Newton iteration of Lin,
// Lin and Weng 2007), from there on isotonic regression by pooling adjacent
// violators (Zadrozny and Elkan 2002), its ends kept from 0 and 1 as Platt's
// targets are. Matches weigh `prior` together and the others the rest.
//
// The threshold of a precision: the loosest of 100 that cut the matches into
// equal parts whose lower confidence bound (Clopper and Pearson, one-sided 95
// %) meets the precision. The bound is that of the share of matches among the
// accepted pairs; its odds are then multiplied by what the prior makes of the
// held-out pairs' own share. Pairs count as independent: draw them so that no
// picture is in too many. A precision that no threshold meets is listed as
// refused, with the number of pairs, in these proportions, at which the best
// one would meet it.
//
// INVALID_ARGUMENT without matches or without others, or when similarity says
// nothing about matching (a Platt curve that does not rise).
absl::StatusOr<Calibration> Calibrate(absl::Span<const CalibrationPair> pairs,
                                      const CalibrateOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_CALIBRATE_H_
