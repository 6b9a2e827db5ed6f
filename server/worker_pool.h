#ifndef LIKENESS_SERVER_WORKER_POOL_H_
#define LIKENESS_SERVER_WORKER_POOL_H_

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "engine/core/bounded_queue.h"

namespace likeness {

// Threads that run the handlers, behind a bounded queue. gRPC's own threads
// only read and write messages, so health answers however busy these are.
// Thread-safe.
class WorkerPool {
 public:
  WorkerPool(int threads, int max_pending);

  // Runs what was submitted, then joins.
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Never blocks. False, and `task` is dropped, when `max_pending` tasks wait
  // already.
  bool TrySubmit(std::function<void()> task);

 private:
  void Work();

  const int max_pending_;
  std::atomic<int> pending_ = 0;  // Submitted, not yet started.
  BoundedQueue<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_WORKER_POOL_H_
