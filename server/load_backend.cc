#include "server/load_backend.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/collection/collection_set.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/embed/load_embedder.h"
#include "engine/embed/model_bundle.h"

namespace likeness {
namespace {

// A backend with everything but its collections.
absl::StatusOr<Backend> LoadModels(const BackendFolders& folders,
                                   const EmbedderOptions& options) {
  RETURN_IF_ERROR(options.batching.Validate());
  Backend backend;
  ASSIGN_OR_RETURN(const ModelBundle model, ModelBundle::Load(folders.model));
  ASSIGN_OR_RETURN(backend.embedder, MakeEmbedder(model, options));
  if (folders.next_model.empty()) return backend;
  ASSIGN_OR_RETURN(const ModelBundle next,
                   ModelBundle::Load(folders.next_model));
  ASSIGN_OR_RETURN(backend.next_embedder, MakeEmbedder(next, options));
  const std::string& id = backend.embedder->model().id;
  if (backend.next_embedder->model().id == id) {
    return InvalidField("--next-model",
                        absl::StrCat("is the same model as --model, ", id));
  }
  for (const ModelBundle* bundle : {&model, &next}) {
    ASSIGN_OR_RETURN(backend.background.emplace_back(),
                     MakeUnbatchedEmbedder(*bundle, options.torch));
  }
  return backend;
}

}  // namespace

absl::StatusOr<Backend> LoadBackend(const BackendFolders& folders,
                                    const EmbedderOptions& options) {
  absl::StatusOr<std::unique_ptr<CollectionSet>> collections =
      absl::UnknownError("not opened");
  std::thread opening([&collections, &folders] {
    collections = CollectionSet::Open(folders.data, /*create=*/true);
  });
  absl::StatusOr<Backend> backend = LoadModels(folders, options);
  opening.join();
  RETURN_IF_ERROR(collections.status());
  RETURN_IF_ERROR(backend.status());
  backend->collections = *std::move(collections);
  return backend;
}

}  // namespace likeness
