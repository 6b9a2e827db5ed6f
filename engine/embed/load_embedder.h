#ifndef LIKENESS_ENGINE_EMBED_LOAD_EMBEDDER_H_
#define LIKENESS_ENGINE_EMBED_LOAD_EMBEDDER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/embed/batching_embedder.h"
#include "engine/embed/embedder.h"
#include "engine/embed/model_bundle.h"
#include "engine/embed/torch_embedder.h"

namespace likeness {

struct EmbedderOptions {
  TorchEmbedderOptions torch;
  BatchingOptions batching;
};

// The embedders of a program, which does not link LibTorch but loads it here
// (engine/embed/torch_module.h, whose errors these functions have as well).

// MakeTorchEmbedder's, which computes on the thread that calls it.
absl::StatusOr<std::unique_ptr<Embedder>> MakeUnbatchedEmbedder(
    const ModelBundle& bundle, const TorchEmbedderOptions& options);

// The same behind worker threads. Errors are those of BatchingOptions::Validate
// as well.
absl::StatusOr<std::unique_ptr<Embedder>> MakeEmbedder(
    const ModelBundle& bundle, const EmbedderOptions& options);

// Of the bundle in `bundle_folder`. Errors are ModelBundle::Load's as well.
absl::StatusOr<std::unique_ptr<Embedder>> LoadEmbedder(
    const std::string& bundle_folder, const EmbedderOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_LOAD_EMBEDDER_H_
