// The best of a row of validation metrics. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_BEST_SO_FAR_H_
#define LIKENESS_ENGINE_TRAIN_BEST_SO_FAR_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

// Larger is better. Copyable, not thread-safe.
struct BestSoFar {
  int64_t evaluations = 0;
  int64_t best_evaluation = 0;  // Counted from 1; 0 before there is one.
  double best = 0;              // Its metric.

  // Counts one evaluation. True when it is the first, or more than
  // `min_improvement` above the best; NaN never is.
  bool Observe(double metric, double min_improvement);

  // Evaluations in a row, up to the last, that were no improvement.
  int64_t SinceBest() const { return evaluations - best_evaluation; }
};

nlohmann::json ToJson(const BestSoFar& best);

// INVALID_ARGUMENT blames a field below `field`.
absl::StatusOr<BestSoFar> ParseBestSoFar(const nlohmann::json& json,
                                         absl::string_view field);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_BEST_SO_FAR_H_
