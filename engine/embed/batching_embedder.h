#ifndef LIKENESS_ENGINE_EMBED_BATCHING_EMBEDDER_H_
#define LIKENESS_ENGINE_EMBED_BATCHING_EMBEDDER_H_

#include <memory>

#include "absl/status/status.h"
#include "engine/embed/embedder.h"

namespace likeness {

struct BatchingOptions {
  int workers = 0;       // Threads that run the network; 0: one for each core.
  int max_batch = 0;     // Pictures a forward pass; 0: the measured default.
  int max_queued = 256;  // Pictures waiting; more make callers wait.

  absl::Status Validate() const;
};

// Decorator: gathers the pictures of concurrent callers and runs them through
// `inner` in micro-batches on its own worker threads. A worker takes what is
// queued, up to `max_batch`, and never waits for more: an idle machine answers
// one picture at once, a busy one fills its batches. Destruction finishes what
// was accepted.
absl::StatusOr<std::unique_ptr<Embedder>> MakeBatchingEmbedder(
    std::unique_ptr<Embedder> inner, const BatchingOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_BATCHING_EMBEDDER_H_
