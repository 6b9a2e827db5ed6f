#ifndef LIKENESS_TESTS_SOAK_SOAK_METER_H_
#define LIKENESS_TESTS_SOAK_SOAK_METER_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace likeness::testing {

// Tells the one who kills how far the clients have come. Thread-safe.
class SoakMeter {
 public:
  void AddAcknowledged() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    ++acknowledged_;
  }
  void SetEnded() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }
  uint64_t acknowledged() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return acknowledged_;
  }

  // Blocks until `count` operations were acknowledged, or a client has ended.
  void WaitFor(uint64_t count) const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [this, count]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return acknowledged_ >= count || ended_;
    };
    mutex_.Await(absl::Condition(&reached));
  }

 private:
  mutable absl::Mutex mutex_;
  uint64_t acknowledged_ ABSL_GUARDED_BY(mutex_) = 0;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SOAK_SOAK_METER_H_
