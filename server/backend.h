#ifndef LIKENESS_SERVER_BACKEND_H_
#define LIKENESS_SERVER_BACKEND_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "engine/collection/collection_set.h"
#include "engine/embed/embedder.h"

namespace likeness {

// What the server serves. Neither is null.
struct Backend {
  std::unique_ptr<CollectionSet> collections;
  std::unique_ptr<Embedder> embedder;
};

// Makes the backend, which may take a while; called once, on a thread of its
// own, after the server has bound its port.
using BackendLoader = std::function<absl::StatusOr<Backend>()>;

}  // namespace likeness

#endif  // LIKENESS_SERVER_BACKEND_H_
