// Training: a recipe and pictures in, a bundle's card and weights out.
// Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_TRAINER_H_
#define LIKENESS_ENGINE_TRAIN_TRAINER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/embed/model_bundle.h"
#include "engine/train/recipe.h"
#include "engine/train/train_device.h"
#include "engine/train/training_data.h"
#include "engine/train/validator.h"

namespace likeness {

struct StepReport {
  int64_t step = 0;      // Done so far, from 1.
  int64_t pictures = 0;  // In this step.
  absl::Duration time;   // That it took.
  double learning_rate = 0;
  double gradient_norm = 0;              // Before clipping.
  std::map<std::string, double> losses;  // By term; "total" is their sum.
};

// Hears how a training goes, on the thread that runs it.
class TrainObserver {
 public:
  virtual ~TrainObserver() = default;

  virtual void OnStep(const StepReport& report) = 0;
  // `step` 0 is the network before training. `best`: its weights are kept.
  virtual void OnValidation(int64_t step, const ValidationResult& result,
                            bool best) = 0;
  // Asked between two steps. True: save what there is and return.
  virtual bool ShouldStop() = 0;
};

struct TrainOptions {
  // The network to begin with, and what must not be forgotten. Not read with
  // NetworkSpec::random_start.
  const ModelBundle* start = nullptr;
  // Where an interrupted training is kept. Empty: it can't be continued.
  std::string checkpoint;
  int64_t checkpoint_every = 100;  // Steps.
  int threads = 1;
  TrainDevice device = TrainDevice::kCpu;
};

struct TrainResult {
  bool finished = false;   // Not: it was interrupted, and can be continued.
  int64_t steps = 0;       // Done.
  int64_t best_step = 0;   // Whose weights these are.
  ValidationResult first;  // Before training,
  ValidationResult best;   // and of these weights.
  std::string card;        // JSON without the content id: see SealCard.
  std::string weights;     // Safetensors.
};

// Runs `recipe` to its end, to its early stop, or until the observer stops it;
// continues from the checkpoint when there is one of the same recipe
// (FAILED_PRECONDITION when it is of another). The weights of the best
// validation are returned. Results depend on recipe, seed, data, device and
// LibTorch alone: not on threads, and, on the CPU, not on interruptions.
// ABORTED when a gradient is not finite, naming the parameter;
// FAILED_PRECONDITION when LibTorch has no such device.
absl::StatusOr<TrainResult> Train(const Recipe& recipe,
                                  const TrainOptions& options,
                                  TrainingData& data,
                                  const Validator& validator,
                                  TrainObserver& observer);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_TRAINER_H_
