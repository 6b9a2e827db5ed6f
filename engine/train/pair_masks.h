// From classes and pictures to the pairs that a loss compares. Includes
// LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_PAIR_MASKS_H_
#define LIKENESS_ENGINE_TRAIN_PAIR_MASKS_H_

#include <ATen/core/Tensor.h>

#include "engine/train/pair_rule.h"

namespace likeness {

// What is known of a batch's pictures, int64 [N] each.
struct PairKeys {
  at::Tensor labels;     // The class, -1 for none.
  at::Tensor instances;  // The picture that this is a view of.
};

// bool [N, M] each, as LossInput wants them.
struct PairMasks {
  at::Tensor positive;
  at::Tensor negative;
};

// Of the `batch`, N rows, against itself and then the `memory`, M - N rows,
// which may be empty (undefined tensors). Another view of the same picture is
// never a negative, and always a positive.
PairMasks MakePairMasks(const PairRule& rule, const PairKeys& batch,
                        const PairKeys& memory = {});

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_PAIR_MASKS_H_
