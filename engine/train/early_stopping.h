// When to end a training that no longer gets better. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_EARLY_STOPPING_H_
#define LIKENESS_ENGINE_TRAIN_EARLY_STOPPING_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/train/best_so_far.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

struct EarlyStoppingSpec {
  // Stop after so many evaluations in a row without improvement; 0: never.
  int64_t patience = 0;
  // An improvement is more than this, in the metric's unit, 0 and up.
  double min_improvement = 0;

  // INVALID_ARGUMENT blames a field below `field`.
  absl::Status Validate(absl::string_view field = "early_stopping") const;
};

absl::StatusOr<EarlyStoppingSpec> ParseEarlyStoppingSpec(
    const nlohmann::json& json, absl::string_view field = "early_stopping");

// Watches a validation metric, larger being better, and knows which evaluation
// was the best: whose weights to keep. Not thread-safe.
class EarlyStopping {
 public:
  // `spec` is valid. `state`: that of an interrupted training.
  explicit EarlyStopping(const EarlyStoppingSpec& spec,
                         const BestSoFar& state = {})
      : spec_(spec), best_(state) {}

  // True when this evaluation is the best so far. A metric that is NaN never
  // is.
  bool Observe(double metric) {
    return best_.Observe(metric, spec_.min_improvement);
  }

  bool ShouldStop() const {
    return spec_.patience > 0 && best_.SinceBest() >= spec_.patience;
  }

  const BestSoFar& state() const { return best_; }

 private:
  const EarlyStoppingSpec spec_;
  BestSoFar best_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_EARLY_STOPPING_H_
