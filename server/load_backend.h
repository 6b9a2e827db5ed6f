#ifndef LIKENESS_SERVER_LOAD_BACKEND_H_
#define LIKENESS_SERVER_LOAD_BACKEND_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/embed/load_embedder.h"
#include "server/backend.h"

namespace likeness {

// The backend of a program: the data directory (made when it is missing) and
// the model bundle, loaded side by side. Errors are those of
// CollectionSet::Open, else of LoadEmbedder.
absl::StatusOr<Backend> LoadBackend(const std::string& data_folder,
                                    const std::string& model_folder,
                                    const EmbedderOptions& options);

}  // namespace likeness

#endif  // LIKENESS_SERVER_LOAD_BACKEND_H_
