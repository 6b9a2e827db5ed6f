// Distances and means over masks, as functions of tensors. Includes LibTorch:
// only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_DISTANCE_H_
#define LIKENESS_ENGINE_TRAIN_DISTANCE_H_

#include <ATen/core/Tensor.h>

#include <limits>

#include "engine/train/loss_spec.h"

namespace likeness {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// [N, D] and [M, D] to the [N, M] distances between their rows. The gradient is
// finite everywhere: 0 where two rows are equal (for every distance), and of a
// row without length at most 1e6 for the cosine, which then is 0 (distance 1).
at::Tensor PairwiseDistances(const at::Tensor& a, const at::Tensor& b,
                             Distance distance);

// [N, D] to rows of unit length; rows shorter than 1e-6 come out shorter, and
// zeros as zeros.
at::Tensor ToUnitRows(const at::Tensor& rows);

// [N, D] and [M, D] to the [N, M] cosines between their rows, -1..1.
at::Tensor PairwiseCosines(const at::Tensor& a, const at::Tensor& b);

// The mean of `values` where `mask` (bool, of the same shape) is true, a
// scalar. Exactly 0, with a gradient of 0, where it is true nowhere. Values
// outside the mask may be anything, as long as they are finite.
at::Tensor MaskedMean(const at::Tensor& values, const at::Tensor& mask);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_DISTANCE_H_
