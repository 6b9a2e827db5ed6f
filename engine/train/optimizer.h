// Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_OPTIMIZER_H_
#define LIKENESS_ENGINE_TRAIN_OPTIMIZER_H_

#include <torch/optim/optimizer.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/train/named_tensors.h"
#include "engine/train/optimizer_spec.h"

namespace likeness {

// Parameters with one learning rate.
struct ParameterGroup {
  std::vector<NamedParameter> parameters;
  double learning_rate_factor = 1;  // OptimizerSpec::head_factor for a head.
};

// AdamW or SGD over a network's parameters, with clipping. It changes them in
// place. Not thread-safe.
class Optimizer {
 public:
  // Of parameters that want no gradient it takes no notice. INVALID_ARGUMENT
  // for a spec that is not valid, and when two parameters have one name.
  static absl::StatusOr<std::unique_ptr<Optimizer>> Make(
      const OptimizerSpec& spec, const std::vector<ParameterGroup>& groups);

  // Forgets all gradients.
  void ZeroGradients();

  // One step at learning_rate * `schedule_factor` * the group's factor. Returns
  // the L2 norm of all gradients together, as it was before clipping. ABORTED
  // names a parameter whose gradient is not finite; nothing has changed then.
  absl::StatusOr<double> Step(double schedule_factor);

  // What the next step depends on besides the parameters: a few tensors for
  // each parameter that has had a step, "<name>.exp_avg" say.
  NamedTensors State() const;

  // Continues from a State of the same type and parameters, copied to each
  // parameter's device. DATA_LOSS (reason CORRUPT_DATA) when it is another's;
  // nothing has changed then.
  absl::Status Restore(const NamedTensors& state);

 private:
  Optimizer(const OptimizerSpec& spec,
            const std::vector<ParameterGroup>& groups);

  // Stands for no gradient at all by an undefined tensor.
  at::Tensor GradientNorm() const;
  absl::Status NotFinite() const;

  const OptimizerSpec spec_;
  std::vector<NamedParameter> parameters_;
  std::vector<double> factors_;  // Of each of the optimizer's own groups.
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_OPTIMIZER_H_
