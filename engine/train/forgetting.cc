#include "engine/train/forgetting.h"

#include <ATen/ATen.h>

#include "engine/train/distance.h"

namespace likeness {

at::Tensor FeatureAnchor(const at::Tensor& features, const at::Tensor& frozen) {
  const at::Tensor cosines =
      (ToUnitRows(features) * ToUnitRows(frozen.detach())).sum(1);
  return MaskedMean(1 - cosines, at::ones_like(cosines, at::kBool));
}

at::Tensor SimilarityAnchor(const at::Tensor& embeddings,
                            const at::Tensor& frozen,
                            const at::Tensor& columns) {
  const at::Tensor before = frozen.detach();
  const at::Tensor change =
      PairwiseCosines(embeddings, embeddings) - PairwiseCosines(before, before);
  const at::Tensor all = at::ones_like(change, at::kBool);
  const at::Tensor others = all.logical_xor(
      at::eye(change.size(0), change.options().dtype(at::kBool)));
  return MaskedMean(change.square(),
                    columns.defined() ? others.logical_and(columns) : others);
}

}  // namespace likeness
