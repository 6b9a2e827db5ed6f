#include "engine/train/trainer.h"

#include <ATen/Context.h>

#include "engine/core/status_macros.h"
#include "engine/embed/torch_error.h"
#include "engine/train/training_run.h"

namespace likeness {
namespace {

absl::Status ValidateAndTell(TrainingRun& run, TrainObserver& observer) {
  ASSIGN_OR_RETURN(const bool best, run.Validate());
  // Without validation sets the last weights are kept unjudged.
  if (run.validation().metrics.empty()) return absl::OkStatus();
  observer.OnValidation(run.step(), run.validation(), best);
  return absl::OkStatus();
}

absl::StatusOr<TrainResult> Run(const Recipe& recipe,
                                const TrainOptions& options, TrainingData& data,
                                const Validator& validator,
                                TrainObserver& observer) {
  ASSIGN_OR_RETURN(const std::unique_ptr<TrainingRun> run,
                   TrainingRun::Make(recipe, options, data, validator));
  RETURN_IF_ERROR(run->Restore());
  if (run->step() == 0) RETURN_IF_ERROR(ValidateAndTell(*run, observer));
  while (!run->Done() && !observer.ShouldStop()) {
    ASSIGN_OR_RETURN(const StepReport report, run->Step());
    observer.OnStep(report);
    if (run->step() % recipe.validation.every == 0 ||
        run->step() == recipe.steps) {
      RETURN_IF_ERROR(ValidateAndTell(*run, observer));
    }
    if (run->step() % options.checkpoint_every == 0) {
      RETURN_IF_ERROR(run->Save());
    }
  }
  RETURN_IF_ERROR(run->Save());
  return run->Result();
}

}  // namespace

absl::StatusOr<TrainResult> Train(const Recipe& recipe,
                                  const TrainOptions& options,
                                  TrainingData& data,
                                  const Validator& validator,
                                  TrainObserver& observer) {
  if (options.device == TrainDevice::kCuda && !at::hasCUDA()) {
    return absl::FailedPreconditionError(
        "there is no device cuda: this LibTorch was built without CUDA, or "
        "finds "
        "no GPU; train on the device cpu");
  }
  return CatchTorch(
      [&] { return Run(recipe, options, data, validator, observer); });
}

}  // namespace likeness
