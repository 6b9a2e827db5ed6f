// What a training minimises. Includes LibTorch: only for this folder's .cc
// files.
#ifndef LIKENESS_ENGINE_TRAIN_OBJECTIVE_H_
#define LIKENESS_ENGINE_TRAIN_OBJECTIVE_H_

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/train/cross_batch_memory.h"
#include "engine/train/loss.h"
#include "engine/train/named_tensors.h"
#include "engine/train/pair_masks.h"
#include "engine/train/parallel_passes.h"
#include "engine/train/recipe.h"

namespace likeness {

// What is known of a batch, int64 [N] each.
struct BatchKeys {
  PairKeys pairs;
  at::Tensor streams;  // Index into Recipe::streams.
};

struct ObjectiveValue {
  at::Tensor total;  // Scalar, with gradient.
  // For the log: each term's value before its weight, and what its loss tells.
  std::map<std::string, double> parts;
};

// The weighted sum of a recipe's losses over a batch, with their memories and
// learned proxies. Not thread-safe. Throws what LibTorch throws.
class Objective {
 public:
  // `num_classes`: labels are below it.
  static absl::StatusOr<std::unique_ptr<Objective>> Make(const Recipe& recipe,
                                                         int num_classes);

  // `progress`: 0..1 of the training. Fills the memories with what it saw.
  ObjectiveValue Compute(const BatchOutput& output, const BatchKeys& keys,
                         double progress);

  // What the losses learn themselves.
  std::vector<NamedParameter> parameters() const;

  // Memories and parameters, for a checkpoint. Restore: DATA_LOSS when it is
  // another objective's.
  NamedTensors State() const;
  absl::Status Restore(const NamedTensors& state);

 private:
  struct Term {
    LossTermSpec spec;
    std::string name;
    std::vector<int64_t> streams;
    std::shared_ptr<Loss> loss;
    std::unique_ptr<CrossBatchMemory> memory;
  };

  Objective() = default;

  at::Tensor ComputeTerm(Term& term, const BatchOutput& output,
                         const BatchKeys& keys, double progress,
                         std::map<std::string, double>& parts);
  at::Tensor ComputeKeep(const BatchOutput& output, const BatchKeys& keys,
                         std::map<std::string, double>& parts) const;

  std::vector<Term> terms_;
  KeepSpec keep_;
  std::vector<int64_t> keep_columns_;  // Streams.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_OBJECTIVE_H_
