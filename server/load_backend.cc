#include "server/load_backend.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/collection/collection_set.h"
#include "engine/core/status_macros.h"
#include "engine/embed/load_embedder.h"

namespace likeness {

absl::StatusOr<Backend> LoadBackend(const std::string& data_folder,
                                    const std::string& model_folder,
                                    const EmbedderOptions& options) {
  absl::StatusOr<std::unique_ptr<CollectionSet>> collections =
      absl::UnknownError("not opened");
  std::thread opening([&collections, &data_folder] {
    collections = CollectionSet::Open(data_folder, /*create=*/true);
  });
  absl::StatusOr<std::unique_ptr<Embedder>> embedder =
      LoadEmbedder(model_folder, options);
  opening.join();
  RETURN_IF_ERROR(collections.status());
  RETURN_IF_ERROR(embedder.status());
  return Backend{*std::move(collections), *std::move(embedder)};
}

}  // namespace likeness
