#include "engine/train/weight_averaging.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// Beside the names of the weights.
constexpr char kSteps[] = "averaging.steps";
constexpr char kUpdates[] = "averaging.updates";

std::vector<at::Tensor> Copies(const std::vector<NamedParameter>& weights) {
  std::vector<at::Tensor> copies;
  copies.reserve(weights.size());
  for (const NamedParameter& weight : weights) {
    copies.push_back(weight.tensor.detach().clone());
  }
  return copies;
}

}  // namespace

WeightAverage::WeightAverage(const AveragingSpec& spec,
                             std::vector<NamedParameter> weights)
    : spec_(spec), weights_(std::move(weights)) {
  if (spec_.start_share > 0) starts_ = Copies(weights_);
}

double WeightAverage::ShareOfNewest() const {
  const auto count = static_cast<double>(updates_);
  if (spec_.type == AveragingType::kSwa) return 1 / count;
  return (1 - spec_.decay) / (1 - std::pow(spec_.decay, count));
}

void WeightAverage::Update(double progress) {
  if (spec_.type == AveragingType::kNone || progress < spec_.start) return;
  const int64_t step = steps_++;
  if (step % spec_.every != 0) return;
  ++updates_;
  const at::NoGradGuard no_grad;
  if (averages_.empty()) {
    averages_ = Copies(weights_);
    return;
  }
  const double share = ShareOfNewest();
  for (size_t i = 0; i < weights_.size(); ++i) {
    averages_[i].lerp_(weights_[i].tensor, share);
  }
}

void WeightAverage::Swap() {
  const at::NoGradGuard no_grad;
  if (!live_.empty()) {
    for (size_t i = 0; i < weights_.size(); ++i) {
      weights_[i].tensor.copy_(live_[i]);
    }
    live_.clear();
    return;
  }
  live_ = Copies(weights_);
  for (size_t i = 0; i < weights_.size(); ++i) {
    const at::Tensor& weight = weights_[i].tensor;
    if (!averages_.empty()) weight.copy_(averages_[i]);
    if (!starts_.empty()) weight.lerp_(starts_[i], spec_.start_share);
  }
}

NamedTensors WeightAverage::State() const {
  NamedTensors state = {{kSteps, IntegerTensor(steps_)},
                        {kUpdates, IntegerTensor(updates_)}};
  for (size_t i = 0; i < averages_.size(); ++i) {
    state[weights_[i].name] = averages_[i].clone();
  }
  return state;
}

absl::Status WeightAverage::Restore(const NamedTensors& state) {
  ASSIGN_OR_RETURN(const int64_t steps, FindInteger(state, kSteps));
  ASSIGN_OR_RETURN(const int64_t updates, FindInteger(state, kUpdates));
  std::vector<at::Tensor> averages;
  if (updates > 0) {
    for (const NamedParameter& weight : weights_) {
      ASSIGN_OR_RETURN(const at::Tensor average,
                       FindTensor(state, weight.name, weight.tensor));
      averages.push_back(average.to(weight.tensor.device(),
                                    average.scalar_type(),
                                    /*non_blocking=*/false, /*copy=*/true));
    }
  }
  steps_ = steps;
  updates_ = updates;
  averages_ = std::move(averages);
  return absl::OkStatus();
}

}  // namespace likeness
