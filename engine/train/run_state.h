// What a checkpoint says beside its tensors. Private to engine/train; mentions
// no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_RUN_STATE_H_
#define LIKENESS_ENGINE_TRAIN_RUN_STATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/train/best_so_far.h"
#include "engine/train/schedule.h"
#include "engine/train/validator.h"

namespace likeness {

struct RunState {
  std::string recipe;  // Its text.
  int64_t step = 0;
  int64_t best_step = 0;
  ValidationResult first;
  ValidationResult best;
  PlateauState plateau;
  BestSoFar stopping;
};

std::string RunStateToJson(const RunState& state);

// DATA_LOSS (reason CORRUPT_DATA) names what does not fit.
absl::StatusOr<RunState> RunStateFromJson(absl::string_view text);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_RUN_STATE_H_
