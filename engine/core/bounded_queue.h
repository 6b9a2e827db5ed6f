#ifndef LIKENESS_ENGINE_CORE_BOUNDED_QUEUE_H_
#define LIKENESS_ENGINE_CORE_BOUNDED_QUEUE_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace likeness {

// A first-in, first-out queue of at most `capacity` elements between pipeline
// stages: a fast stage waits for a slow one, so memory is bounded by design.
// Thread-safe for any number of producers and consumers.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}

  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  // Waits for room and appends. False, and `value` is dropped, once the queue
  // is closed.
  bool Push(T value) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &BoundedQueue::HasRoomOrClosed));
    if (closed_) return false;
    elements_.push_back(std::move(value));
    return true;
  }

  // Waits for an element. Empty once the queue is closed and drained.
  std::optional<T> Pop() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &BoundedQueue::HasElementOrClosed));
    if (elements_.empty()) return std::nullopt;
    std::optional<T> value(std::move(elements_.front()));
    elements_.pop_front();
    return value;
  }

  // Takes what is there now, without waiting.
  std::optional<T> TryPop() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (elements_.empty()) return std::nullopt;
    std::optional<T> value(std::move(elements_.front()));
    elements_.pop_front();
    return value;
  }

  // No more elements come; those inside are still handed out. Idempotent.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

 private:
  bool HasRoomOrClosed() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return closed_ || elements_.size() < capacity_;
  }
  bool HasElementOrClosed() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return closed_ || !elements_.empty();
  }

  const size_t capacity_;
  absl::Mutex mutex_;
  std::deque<T> elements_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_BOUNDED_QUEUE_H_
