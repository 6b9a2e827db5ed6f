// The networks that every result stands beside.
#ifndef LIKENESS_ENGINE_EVALUATE_BASELINE_BUNDLES_H_
#define LIKENESS_ENGINE_EVALUATE_BASELINE_BUNDLES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "engine/embed/model_bundle.h"

namespace likeness {

// `bundle` with all that was learned forgotten: the same architecture, input
// and heads, and weights drawn at random (He et al. 2015; half their variance
// where no rectifier follows), batch norms that pass their input on, biases of
// 0. The same seed gives the same weights. Errors are those of SafeTensors.
absl::StatusOr<ModelBundle> RandomBundle(const ModelBundle& bundle,
                                         uint64_t seed);

// `frozen` (the ImageNet trunk) with the pooling that `bundle` has in each
// space and no projection: what the trunk knew before training, in all of its
// `features` dimensions.
absl::StatusOr<ModelBundle> FrozenBundle(const ModelBundle& frozen,
                                         const ModelBundle& bundle);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_BASELINE_BUNDLES_H_
