// Failpoints: lets the n-th call with which this process changes files fail.
//
// The object file defines open, write, pwrite, fsync, fdatasync, rename,
// ftruncate, link and mkdir, which then take the place of the C library's for
// all of a test program, shared libraries such as RocksDB included. So every
// write that the product makes is a failpoint, with nothing in the product.
#ifndef LIKENESS_TESTS_SUPPORT_FAILING_CALLS_H_
#define LIKENESS_TESTS_SUPPORT_FAILING_CALLS_H_

#include <cerrno>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace likeness::testing {

// Which call fails, and how.
struct CallFault {
  enum class Kind {
    kOnce,        // This call alone: a disk that hiccups.
    kFromThenOn,  // This one and all that follow: a full or dead disk.
    kShortWrite,  // A write that writes half; any other call succeeds.
  };
  std::string under;     // Only files whose path starts so are counted.
  uint64_t fail_at = 0;  // From 1; 0: all calls succeed, and are counted.
  Kind kind = Kind::kOnce;
  int error = ENOSPC;
};

// Calls fail as `fault` says as long as the object lives; one at a time in a
// process. Thread-safe.
class FailingCalls {
 public:
  explicit FailingCalls(CallFault fault);
  ~FailingCalls();
  FailingCalls(const FailingCalls&) = delete;
  FailingCalls& operator=(const FailingCalls&) = delete;

  // Whether the call number fail_at was made.
  bool reached() const ABSL_LOCKS_EXCLUDED(mutex_);

  // What the call on `path` does: 0 to go on, else the error it fails with. A
  // write of `size` bytes that is to be short finds its size halved.
  int Decide(const std::string& path, size_t* size) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const CallFault fault_;
  mutable absl::Mutex mutex_;
  uint64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_FAILING_CALLS_H_
