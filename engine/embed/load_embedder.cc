#include "engine/embed/load_embedder.h"

#include <utility>

#include "engine/core/status_macros.h"
#include "engine/embed/torch_module.h"

namespace likeness {

absl::StatusOr<std::unique_ptr<Embedder>> MakeUnbatchedEmbedder(
    const ModelBundle& bundle, const TorchEmbedderOptions& options) {
  ASSIGN_OR_RETURN(const auto make, TorchFunction<decltype(MakeTorchEmbedder)>(
                                        "kLikenessMakeTorchEmbedder"));
  return make(bundle, options);
}

absl::StatusOr<std::unique_ptr<Embedder>> MakeEmbedder(
    const ModelBundle& bundle, const EmbedderOptions& options) {
  RETURN_IF_ERROR(options.batching.Validate());
  ASSIGN_OR_RETURN(std::unique_ptr<Embedder> embedder,
                   MakeUnbatchedEmbedder(bundle, options.torch));
  return MakeBatchingEmbedder(std::move(embedder), options.batching);
}

absl::StatusOr<std::unique_ptr<Embedder>> LoadEmbedder(
    const std::string& bundle_folder, const EmbedderOptions& options) {
  RETURN_IF_ERROR(options.batching.Validate());
  ASSIGN_OR_RETURN(const ModelBundle bundle, ModelBundle::Load(bundle_folder));
  return MakeEmbedder(bundle, options);
}

}  // namespace likeness
