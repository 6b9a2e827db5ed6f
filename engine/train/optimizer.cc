#include "engine/train/optimizer.h"

#include <ATen/ATen.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

using torch::optim::AdamWOptions;
using torch::optim::AdamWParamState;
using torch::optim::OptimizerParamGroup;
using torch::optim::OptimizerParamState;
using torch::optim::SGDOptions;
using torch::optim::SGDParamState;

void SetWeightDecay(OptimizerType type, OptimizerParamGroup& group,
                    double value) {
  if (type == OptimizerType::kAdamW) {
    static_cast<AdamWOptions&>(group.options()).weight_decay(value);
  } else {
    static_cast<SGDOptions&>(group.options()).weight_decay(value);
  }
}

std::unique_ptr<torch::optim::Optimizer> MakeTorchOptimizer(
    const OptimizerSpec& spec, const std::vector<OptimizerParamGroup>& groups) {
  if (spec.type == OptimizerType::kAdamW) {
    AdamWOptions options(spec.learning_rate);
    options.betas({spec.beta1, spec.beta2});
    return std::make_unique<torch::optim::AdamW>(groups, options);
  }
  SGDOptions options(spec.learning_rate);
  options.momentum(spec.momentum).nesterov(spec.nesterov);
  return std::make_unique<torch::optim::SGD>(groups, options);
}

// The state of one parameter as tensors; what is undefined is left out.
void SaveParameter(OptimizerType type, const OptimizerParamState& state,
                   const std::string& name, NamedTensors& tensors) {
  if (type == OptimizerType::kAdamW) {
    const auto& adamw = static_cast<const AdamWParamState&>(state);
    tensors[name + ".step"] = IntegerTensor(adamw.step());
    tensors[name + ".exp_avg"] = adamw.exp_avg().clone();
    tensors[name + ".exp_avg_sq"] = adamw.exp_avg_sq().clone();
  } else if (const auto& sgd = static_cast<const SGDParamState&>(state);
             sgd.momentum_buffer().defined()) {
    tensors[name + ".momentum"] = sgd.momentum_buffer().clone();
  }
}

absl::StatusOr<std::unique_ptr<OptimizerParamState>> LoadParameter(
    OptimizerType type, const NamedTensors& tensors,
    const NamedParameter& parameter) {
  const std::string& name = parameter.name;
  const auto find = [&](const char* key) -> absl::StatusOr<at::Tensor> {
    ASSIGN_OR_RETURN(const at::Tensor tensor,
                     FindTensor(tensors, name + key, parameter.tensor));
    return tensor.to(parameter.tensor.device(), tensor.scalar_type(),
                     /*non_blocking=*/false, /*copy=*/true);
  };
  if (type == OptimizerType::kAdamW) {
    auto state = std::make_unique<AdamWParamState>();
    ASSIGN_OR_RETURN(const int64_t step, FindInteger(tensors, name + ".step"));
    ASSIGN_OR_RETURN(const at::Tensor first, find(".exp_avg"));
    ASSIGN_OR_RETURN(const at::Tensor second, find(".exp_avg_sq"));
    state->step(step);
    state->exp_avg(first);
    state->exp_avg_sq(second);
    return state;
  }
  auto state = std::make_unique<SGDParamState>();
  ASSIGN_OR_RETURN(const at::Tensor momentum, find(".momentum"));
  state->momentum_buffer(momentum);
  return state;
}

// By which tensor a parameter's state is known to have been saved.
std::string MarkOf(OptimizerType type, const std::string& name) {
  return name + (type == OptimizerType::kAdamW ? ".step" : ".momentum");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Optimizer>> Optimizer::Make(
    const OptimizerSpec& spec, const std::vector<ParameterGroup>& groups) {
  RETURN_IF_ERROR(spec.Validate());
  std::set<std::string> names;
  for (const ParameterGroup& group : groups) {
    for (const NamedParameter& parameter : group.parameters) {
      if (!names.insert(parameter.name).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("two parameters are called \"", parameter.name, "\""));
      }
    }
  }
  return std::unique_ptr<Optimizer>(new Optimizer(spec, groups));
}

Optimizer::Optimizer(const OptimizerSpec& spec,
                     const std::vector<ParameterGroup>& groups)
    : spec_(spec) {
  std::vector<OptimizerParamGroup> torch_groups;
  for (const ParameterGroup& group : groups) {
    std::vector<at::Tensor> plain;  // Biases, norms.
    std::vector<at::Tensor> decaying;
    for (const NamedParameter& parameter : group.parameters) {
      if (!parameter.tensor.requires_grad()) continue;
      parameters_.push_back(parameter);
      (parameter.tensor.dim() > 1 ? decaying : plain)
          .push_back(parameter.tensor);
    }
    torch_groups.emplace_back(std::move(plain));
    torch_groups.emplace_back(std::move(decaying));
    factors_.insert(factors_.end(), 2, group.learning_rate_factor);
  }
  optimizer_ = MakeTorchOptimizer(spec_, torch_groups);
  // Only now: a group's option that equals LibTorch's default would be taken
  // for one that was not set.
  std::vector<OptimizerParamGroup>& made = optimizer_->param_groups();
  for (size_t i = 0; i < made.size(); ++i) {
    SetWeightDecay(spec_.type, made[i], i % 2 == 0 ? 0 : spec_.weight_decay);
  }
}

void Optimizer::ZeroGradients() { optimizer_->zero_grad(); }

at::Tensor Optimizer::GradientNorm() const {
  std::vector<at::Tensor> norms;
  for (const NamedParameter& parameter : parameters_) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (gradient.defined()) {
      norms.push_back(at::linalg_vector_norm(gradient).to(at::kDouble));
    }
  }
  if (norms.empty()) return {};
  return at::linalg_vector_norm(at::stack(norms));
}

absl::Status Optimizer::NotFinite() const {
  for (const NamedParameter& parameter : parameters_) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (gradient.defined() && !gradient.isfinite().all().item<bool>()) {
      return absl::AbortedError(absl::StrCat(
          "the gradient of \"", parameter.name, "\" is not finite"));
    }
  }
  return absl::AbortedError("the gradients are too large for a norm");
}

absl::StatusOr<double> Optimizer::Step(double schedule_factor) {
  const at::NoGradGuard no_grad;
  const at::Tensor norm_tensor = GradientNorm();
  const double norm = norm_tensor.defined() ? norm_tensor.item<double>() : 0;
  if (!std::isfinite(norm)) return NotFinite();
  if (spec_.clip_norm > 0 && norm > spec_.clip_norm) {
    for (const NamedParameter& parameter : parameters_) {
      at::Tensor gradient = parameter.tensor.grad();
      if (gradient.defined()) gradient.mul_(spec_.clip_norm / norm);
    }
  }
  std::vector<OptimizerParamGroup>& groups = optimizer_->param_groups();
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i].options().set_lr(spec_.learning_rate * schedule_factor *
                               factors_[i]);
  }
  optimizer_->step();
  return norm;
}

NamedTensors Optimizer::State() const {
  NamedTensors tensors;
  const auto& states = optimizer_->state();
  for (const NamedParameter& parameter : parameters_) {
    const auto found = states.find(parameter.tensor.unsafeGetTensorImpl());
    if (found != states.end()) {
      SaveParameter(spec_.type, *found->second, parameter.name, tensors);
    }
  }
  return tensors;
}

absl::Status Optimizer::Restore(const NamedTensors& state) {
  std::vector<std::pair<void*, std::unique_ptr<OptimizerParamState>>> loaded;
  for (const NamedParameter& parameter : parameters_) {
    // One that has had no step yet has no state.
    if (state.count(MarkOf(spec_.type, parameter.name)) == 0) continue;
    ASSIGN_OR_RETURN(std::unique_ptr<OptimizerParamState> one,
                     LoadParameter(spec_.type, state, parameter));
    loaded.emplace_back(parameter.tensor.unsafeGetTensorImpl(), std::move(one));
  }
  const size_t tensors_each = spec_.type == OptimizerType::kAdamW ? 3 : 1;
  if (loaded.size() * tensors_each != state.size()) {
    return WithReason(
        absl::DataLossError(
            absl::StrCat("checkpoint: the optimizer's state has ", state.size(),
                         " tensors, of which ", loaded.size() * tensors_each,
                         " belong to this network's parameters")),
        kReasonCorruptData);
  }
  optimizer_->state().clear();
  for (auto& [key, value] : loaded) {
    optimizer_->state()[key] = std::move(value);
  }
  return absl::OkStatus();
}

}  // namespace likeness
