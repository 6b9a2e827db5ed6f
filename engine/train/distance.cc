#include "engine/train/distance.h"

#include <ATen/ATen.h>

namespace likeness {
namespace {

// Of cdist: never by way of a.b, which loses the distance of near rows to
// cancellation.
constexpr int64_t kExact = 2;

constexpr double kMinNorm = 1e-6;

}  // namespace

at::Tensor PairwiseDistances(const at::Tensor& a, const at::Tensor& b,
                             Distance distance) {
  // cdist's gradient is 0 where the distance is.
  switch (distance) {
    case Distance::kEuclidean:
      return at::cdist(a, b, 2, kExact);
    case Distance::kSquaredEuclidean:
      return at::cdist(a, b, 2, kExact).square();
    case Distance::kManhattan:
      return at::cdist(a, b, 1);
    case Distance::kCosine:
      break;
  }
  return 1 - PairwiseCosines(a, b);
}

at::Tensor ToUnitRows(const at::Tensor& rows) {
  const at::Tensor norms = at::linalg_vector_norm(rows, 2, {1}, true);
  return rows / norms.clamp_min(kMinNorm);
}

at::Tensor PairwiseCosines(const at::Tensor& a, const at::Tensor& b) {
  return at::matmul(ToUnitRows(a), ToUnitRows(b).t());
}

at::Tensor MaskedMean(const at::Tensor& values, const at::Tensor& mask) {
  const at::Tensor count = mask.sum().clamp_min(1);
  return values.masked_fill(mask.logical_not(), 0).sum() / count;
}

}  // namespace likeness
