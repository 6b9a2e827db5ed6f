#ifndef LIKENESS_INDEXER_EMBED_STAGE_H_
#define LIKENESS_INDEXER_EMBED_STAGE_H_

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/core/bounded_queue.h"
#include "engine/embed/embedder.h"

namespace likeness {

struct EmbedStageOptions {
  int threads = 0;    // That call the embedder; 0: one for each core.
  int max_batch = 8;  // Pictures a call.
  int queue = 64;     // Pictures waiting, at most (150 KB each at 224 pixels).
};

// The stage of a pipeline that embeds: takes prepared pictures, runs them
// through an embedder in micro-batches on threads of its own, and hands each
// on. A thread takes what waits and never waits for more. Thread-safe.
class EmbedStage {
 public:
  // Called once for each picture, on one of the stage's threads.
  using Done = absl::AnyInvocable<void(absl::StatusOr<Embedding> embedding)>;

  // Borrows `embedder`.
  EmbedStage(const Embedder& embedder, const EmbedStageOptions& options);
  ~EmbedStage();
  EmbedStage(const EmbedStage&) = delete;
  EmbedStage& operator=(const EmbedStage&) = delete;

  // Waits while the queue is full. Not after Finish.
  void Submit(NetworkInput input, Done done);

  // Returns when every picture was handed on. Idempotent.
  void Finish();

  // Time inside the embedder, summed over the threads.
  absl::Duration time() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Job {
    NetworkInput input;
    Done done;
  };

  void Run();
  void EmbedBatch(std::vector<NetworkInput> inputs, std::vector<Done> dones);

  const Embedder& embedder_;
  const size_t max_batch_;
  BoundedQueue<Job> queue_;
  mutable absl::Mutex mutex_;
  absl::Duration time_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace likeness

#endif  // LIKENESS_INDEXER_EMBED_STAGE_H_
