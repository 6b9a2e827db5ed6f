#include "server/worker_pool.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

namespace likeness {

WorkerPool::WorkerPool(int threads, int max_pending)
    : max_pending_(max_pending), queue_(static_cast<size_t>(max_pending)) {
  threads_.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkerPool::~WorkerPool() {
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TrySubmit(std::function<void()> task) {
  // Counted before the queue is touched, so that Push below finds room: the
  // count falls only after an element has left.
  if (pending_.fetch_add(1) >= max_pending_) {
    pending_.fetch_sub(1);
    return false;
  }
  return queue_.Push(std::move(task));
}

void WorkerPool::Work() {
  while (std::optional<std::function<void()>> task = queue_.Pop()) {
    pending_.fetch_sub(1);
    (*task)();
  }
}

}  // namespace likeness
