#ifndef LIKENESS_SERVER_BACKEND_H_
#define LIKENESS_SERVER_BACKEND_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/collection/collection_set.h"
#include "engine/embed/embedder.h"

namespace likeness {

// What the server serves. The first two are not null.
struct Backend {
  std::unique_ptr<CollectionSet> collections;
  std::unique_ptr<Embedder> embedder;
  // Another model, that collections can be changed to; null: none.
  std::unique_ptr<Embedder> next_embedder = nullptr;
  // The models once more, for what is embedded in the background: each computes
  // on the thread that calls it, at that one's priority. None where there is no
  // next_embedder.
  std::vector<std::unique_ptr<Embedder>> background = {};
};

// Makes the backend, which may take a while; called once, on a thread of its
// own, after the server has bound its port.
using BackendLoader = std::function<absl::StatusOr<Backend>()>;

}  // namespace likeness

#endif  // LIKENESS_SERVER_BACKEND_H_
