// What the losses share. Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_LOSS_H_
#define LIKENESS_ENGINE_TRAIN_LOSS_H_

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/train/loss_spec.h"

namespace likeness {

// One batch, as a loss sees it. All tensors are on one device.
struct LossInput {
  // [N, D] floating point: the batch, with gradient.
  at::Tensor anchors;
  // [M, D], M >= N: the batch itself in the same order, then what a memory
  // adds, which carries no gradient.
  at::Tensor references;
  // bool [N, M], never both true, never true for an anchor and itself. A pair
  // that is neither takes no part.
  at::Tensor positive;
  at::Tensor negative;
  // int64 [N]: the class of each anchor, -1 for none.
  at::Tensor labels;
  // How much of the training is done, 0..1; for curricula.
  double progress = 0;
};

// A number for the log, of the last Compute.
struct LossStatistic {
  std::string name;  // lower_snake_case
  double value = 0;
};

// A loss over one batch. The base of all: MakeLoss makes them. Its parameters,
// where it has some, are trained with the network's. Not thread-safe.
class Loss : public torch::nn::Module {
 public:
  // A scalar of the anchors' type: the mean over the anchors (or pairs, or
  // triplets: each loss says which) that have what they need. Exactly 0, with a
  // gradient of exactly 0, when none has. Throws c10::Error for tensors that
  // don't fit each other.
  virtual at::Tensor Compute(const LossInput& input) = 0;

  // In a fixed order; the share of active triplets, say. Waits for the device.
  // Values are 0 before the first Compute.
  virtual std::vector<LossStatistic> Statistics() const { return {}; }
};

// The loss of `spec`, in float32 on the CPU. `num_classes` and `dimensions`
// (of the embeddings) size what a loss learns; labels are below num_classes.
// Draws its start from LibTorch's own generator (torch::manual_seed).
// INVALID_ARGUMENT for a spec that is not valid, or a loss with proxies and no
// classes.
absl::StatusOr<std::shared_ptr<Loss>> MakeLoss(const LossSpec& spec,
                                               int num_classes, int dimensions);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_LOSS_H_
