#include "tools/compared_networks.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/embed/load_embedder.h"
#include "engine/embed/model_bundle.h"
#include "engine/evaluate/baseline_bundles.h"
#include "tools/model_path.h"

namespace likeness {
namespace {

absl::StatusOr<ModelBundle> LoadFrozen(const std::string& frozen,
                                       const ModelBundle& model) {
  ASSIGN_OR_RETURN(const std::string folder, FindFrozenModel(frozen));
  ASSIGN_OR_RETURN(const ModelBundle bundle, ModelBundle::Load(folder));
  return FrozenBundle(bundle, model);
}

}  // namespace

absl::StatusOr<ComparedNetworks> LoadComparedNetworks(
    const ComparedNetworksOptions& options) {
  ASSIGN_OR_RETURN(const std::string folder, FindModel(options.model));
  ASSIGN_OR_RETURN(const ModelBundle model, ModelBundle::Load(folder));
  EmbedderOptions embedding;
  embedding.batching.workers = options.workers;
  ComparedNetworks compared;
  const auto add = [&](const std::string& name, const ModelBundle& bundle,
                       int reduced) -> absl::Status {
    ASSIGN_OR_RETURN(std::unique_ptr<Embedder> embedder,
                     MakeEmbedder(bundle, embedding));
    compared.networks.push_back({.name = name,
                                 .embedder = embedder.get(),
                                 .space = options.space,
                                 .reduced_dimensions = reduced});
    compared.embedders.push_back(std::move(embedder));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(add(model.name, model, 0));
  ASSIGN_OR_RETURN(const ModelBundle random, RandomBundle(model, options.seed));
  RETURN_IF_ERROR(add("random network", random, 0));
  const absl::StatusOr<ModelBundle> frozen = LoadFrozen(options.frozen, model);
  if (!frozen.ok()) {
    if (!options.frozen.empty()) return frozen.status();
    std::cerr << "no frozen network to compare with (name one with --frozen): "
              << frozen.status().message() << "\n";
    return compared;
  }
  const HeadSpec& head = frozen->heads[options.space];
  const int own = model.heads[options.space].dimensions;
  RETURN_IF_ERROR(add(absl::StrCat("frozen ", frozen->name, ", ", head.pooling),
                      *frozen, own < head.dimensions ? own : 256));
  return compared;
}

}  // namespace likeness
