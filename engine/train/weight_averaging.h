// Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_WEIGHT_AVERAGING_H_
#define LIKENESS_ENGINE_TRAIN_WEIGHT_AVERAGING_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "engine/train/named_tensors.h"
#include "engine/train/optimizer_spec.h"

namespace likeness {

// The average of a network's weights over a training, which is judged and kept
// in place of the last ones. Exponential averages carry no trace of the start:
// of the weights w1..wt it is the mean weighted with decay^(t - i), divided by
// the sum of those. AveragingSpec::start_share then moves it towards the
// weights that training began with. Not thread-safe.
class WeightAverage {
 public:
  // `spec` is valid; with kNone nothing ever happens. `weights`: floating-point
  // parameters, and whatever buffers shall be averaged with them, as training
  // begins with them.
  WeightAverage(const AveragingSpec& spec, std::vector<NamedParameter> weights);

  // After every step of the optimizer; `progress` is the share of the training
  // done, 0..1. Not while swapped.
  void Update(double progress);

  // Puts the average in the place of the network's weights, and the second time
  // those back. Before there is an average, it is the weights themselves.
  void Swap();

  // The average of each weight, under its name, once there is one; and counts.
  // Not while swapped.
  NamedTensors State() const;

  // Continues from a State of the same weights, copied to each weight's device.
  // DATA_LOSS (reason CORRUPT_DATA) when it is another's; nothing has changed
  // then. Not while swapped.
  absl::Status Restore(const NamedTensors& state);

 private:
  // The share of the newest weights in the average of `updates_` of them.
  double ShareOfNewest() const;

  const AveragingSpec spec_;
  const std::vector<NamedParameter> weights_;
  int64_t steps_ = 0;    // Since the start, counting those without update.
  int64_t updates_ = 0;  // Weights in the average.
  std::vector<at::Tensor> averages_;
  std::vector<at::Tensor> starts_;  // Empty without start_share.
  std::vector<at::Tensor> live_;    // While swapped.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_WEIGHT_AVERAGING_H_
