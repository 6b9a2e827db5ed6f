#include "engine/train/pair_masks.h"

#include <ATen/ATen.h>

namespace likeness {
namespace {

at::Tensor Joined(const at::Tensor& batch, const at::Tensor& memory) {
  return memory.defined() ? at::cat({batch, memory}) : batch;
}

}  // namespace

PairMasks MakePairMasks(const PairRule& rule, const PairKeys& batch,
                        const PairKeys& memory) {
  const at::Tensor labels = batch.labels.unsqueeze(1);
  const at::Tensor other_labels = Joined(batch.labels, memory.labels);
  const at::Tensor same_picture =
      batch.instances.unsqueeze(1) == Joined(batch.instances, memory.instances);
  const at::Tensor same_class =
      (labels == other_labels).logical_and(labels >= 0);

  // An anchor is the reference of its own index.
  const at::Tensor itself = at::eye(same_picture.size(0), same_picture.size(1),
                                    same_picture.options());
  const at::Tensor alike = rule.positives == PairKind::kClass
                               ? same_picture.logical_or(same_class)
                               : same_picture;
  const at::Tensor spared =
      rule.spare_same_class ? alike.logical_or(same_class) : alike;
  return {alike.logical_and(itself.logical_not()), spared.logical_not()};
}

}  // namespace likeness
