#ifndef LIKENESS_ENGINE_COLLECTION_WRITE_GATE_H_
#define LIKENESS_ENGINE_COLLECTION_WRITE_GATE_H_

#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace likeness {

// Holds writers up for as long as somebody has to find nothing new.
// Thread-safe.
class WriteGate {
 public:
  WriteGate() = default;
  WriteGate(const WriteGate&) = delete;
  WriteGate& operator=(const WriteGate&) = delete;

  // Open again when Open was called as often as Close.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);
  void Open() ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns when the gate is open. While it waits, `still_wanted` (may be null)
  // is asked now and then, and its error returned.
  absl::Status Pass(const std::function<absl::Status()>& still_wanted) const
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  bool IsOpen() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return closers_ == 0;
  }

  mutable absl::Mutex mutex_;
  int closers_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_WRITE_GATE_H_
