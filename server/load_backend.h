#ifndef LIKENESS_SERVER_LOAD_BACKEND_H_
#define LIKENESS_SERVER_LOAD_BACKEND_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/embed/load_embedder.h"
#include "server/backend.h"

namespace likeness {

struct BackendFolders {
  std::string data;  // Made when it is missing.
  std::string model;
  std::string next_model;  // Empty: none.
};

// The backend of a program: data directory and model bundles, loaded side by
// side. Errors are those of CollectionSet::Open, else of LoadEmbedder;
// INVALID_ARGUMENT when the two models are the same.
absl::StatusOr<Backend> LoadBackend(const BackendFolders& folders,
                                    const EmbedderOptions& options);

}  // namespace likeness

#endif  // LIKENESS_SERVER_LOAD_BACKEND_H_
