// Two losses that hold a network to what it knew before this training: the
// frozen copy of it says what that was. Includes LibTorch: only for this
// folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_FORGETTING_H_
#define LIKENESS_ENGINE_TRAIN_FORGETTING_H_

#include <ATen/core/Tensor.h>

namespace likeness {

// The mean of 1 - cosine between the rows of `features` and of `frozen`, both
// [N, C]: the pooled features of the same pictures from the network in training
// and from the frozen one, which gets no gradient. A scalar, 0..2; 0 for N = 0.
at::Tensor FeatureAnchor(const at::Tensor& features, const at::Tensor& frozen);

// The mean squared difference between the cosines of `embeddings`, [N, D],
// among themselves and those of `frozen`, [N, C], which gets no gradient: the
// pictures stay where they were as seen from one another, in whatever space
// (Park et al. 2019 and Tung and Mori 2019 distil networks so). Counts the
// pairs (i, j), i != j, with `columns`[j] true, bool [N]; all when it is
// undefined. A scalar, 0..4; exactly 0 without such pairs.
at::Tensor SimilarityAnchor(const at::Tensor& embeddings,
                            const at::Tensor& frozen,
                            const at::Tensor& columns = {});

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_FORGETTING_H_
