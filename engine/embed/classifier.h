#ifndef LIKENESS_ENGINE_EMBED_CLASSIFIER_H_
#define LIKENESS_ENGINE_EMBED_CLASSIFIER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/embed/model_bundle.h"
#include "engine/embed/torch_embedder.h"
#include "engine/image/prepare.h"

namespace likeness {

// One vector of logits, a value for each class that the trunk was trained on,
// for each picture of `batch`: proof that the network computes what its authors
// say. Not part of embedding. NOT_FOUND when the bundle kept no classifier.
// Float32 unless `options` asks for bfloat16 by name.
absl::StatusOr<std::vector<std::vector<float>>> ComputeLogits(
    const ModelBundle& bundle, const TorchEmbedderOptions& options,
    absl::Span<const NetworkInput> batch);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_CLASSIFIER_H_
