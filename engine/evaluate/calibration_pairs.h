// Held-out pairs to calibrate a space with.
#ifndef LIKENESS_ENGINE_EVALUATE_CALIBRATION_PAIRS_H_
#define LIKENESS_ENGINE_EVALUATE_CALIBRATION_PAIRS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/evaluate/calibrate.h"
#include "engine/evaluate/describe.h"
#include "engine/evaluate/tasks.h"

namespace likeness {

struct CalibrationData {
  std::vector<CalibrationPair> pairs;
  std::string text;  // What they are, for Calibration::data.
  std::vector<PictureFailure> failures;
};

// For `similar`: pairs of tested pictures, a match when both are of one class,
// at most `max_pairs` of each kind. INVALID_ARGUMENT without a tested picture
// that has a class.
absl::StatusOr<CalibrationData> SimilarPairs(const TaskInput& input,
                                             size_t max_pairs);

// For `copy`: every copy of a copy set (mild and strong) with its original is a
// match; at most `max_pairs` copies with other references, drawn at random, are
// not.
absl::StatusOr<CalibrationData> CopyPairs(const TaskInput& input,
                                          const CopyTaskOptions& options,
                                          size_t max_pairs);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_CALIBRATION_PAIRS_H_
