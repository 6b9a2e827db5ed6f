// A training's moving parts. Private to engine/train. Includes LibTorch: only
// for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_TRAINING_RUN_H_
#define LIKENESS_ENGINE_TRAIN_TRAINING_RUN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/train/checkpoint.h"
#include "engine/train/early_stopping.h"
#include "engine/train/objective.h"
#include "engine/train/optimizer.h"
#include "engine/train/parallel_passes.h"
#include "engine/train/schedule.h"
#include "engine/train/siamese_net.h"
#include "engine/train/trainer.h"
#include "engine/train/weight_averaging.h"

namespace likeness {

// Everything that changes from step to step, so that all of it is saved and
// restored in one place. Not thread-safe. Throws what LibTorch throws.
class TrainingRun {
 public:
  // Borrows all; they must outlive it. Builds the network, reading pictures of
  // `data` where a head begins with principal components.
  static absl::StatusOr<std::unique_ptr<TrainingRun>> Make(
      const Recipe& recipe, const TrainOptions& options, TrainingData& data,
      const Validator& validator);

  int64_t step() const { return step_; }

  // One step of the optimizer.
  absl::StatusOr<StepReport> Step();

  // Judges the network as it is, or the average of its weights. True when it is
  // the best so far, which is then kept.
  absl::StatusOr<bool> Validate();

  // The last Validate's.
  const ValidationResult& validation() const { return validation_; }

  // No step is left, or early stopping has seen enough.
  bool Done() const;

  absl::Status Save() const;
  // Nothing happens where there is no checkpoint.
  absl::Status Restore();

  // Best weights and what is known of them.
  TrainResult Result() const;

 private:
  TrainingRun(const Recipe& recipe, const TrainOptions& options,
              TrainingData& data, const Validator& validator);

  absl::StatusOr<std::shared_ptr<SiameseNet>> BuildNetwork() const;
  at::Device Device() const;
  absl::Status StartHeads();
  PixelScaling ScalingFor(int side) const;
  absl::Status ReadState(const std::string& text);

  const Recipe& recipe_;
  const TrainOptions& options_;
  TrainingData& data_;
  const Validator& validator_;

  std::shared_ptr<SiameseNet> net_;
  std::shared_ptr<SiameseNet> reference_;  // Null when nothing is kept.
  std::unique_ptr<ParallelPasses> passes_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<WeightAverage> average_;
  std::unique_ptr<Schedule> schedule_;
  std::unique_ptr<EarlyStopping> stopping_;

  int64_t step_ = 0;
  ValidationResult validation_;
  TrainResult result_;  // As far as it is known.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_TRAINING_RUN_H_
