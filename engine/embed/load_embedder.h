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

// The embedder of a program: the bundle in LibTorch, behind worker threads.
// Errors are those of MakeTorchEmbedder and BatchingOptions::Validate.
absl::StatusOr<std::unique_ptr<Embedder>> MakeEmbedder(
    const ModelBundle& bundle, const EmbedderOptions& options);

// Of the bundle in `bundle_folder`. Errors are ModelBundle::Load's as well.
absl::StatusOr<std::unique_ptr<Embedder>> LoadEmbedder(
    const std::string& bundle_folder, const EmbedderOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_LOAD_EMBEDDER_H_
