// A file system for RocksDB whose disk is full, or fails, while it is told to.
#ifndef LIKENESS_TESTS_UNIT_STORE_FAILING_FILE_SYSTEM_H_
#define LIKENESS_TESTS_UNIT_STORE_FAILING_FILE_SYSTEM_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace likeness::testing {

// Which calls fail.
enum class Fault {
  kNone,
  kAppend,  // Of files: nothing is written.
  kHalf,    // Of files: half is written.
  kSync,    // Of files: all is written.
};

class FailingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FailingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FailingFileSystem"; }

  // From now on calls fail so: for want of room, or as a broken disk does.
  void Set(Fault fault, bool full = true) {
    full_ = full;
    fault_ = fault;
  }
  // `observer` is called before each change of a file, until another is set.
  void SetObserver(std::function<void()> observer) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    observer_ = std::move(observer);
  }

  void Observe() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (observer_) observer_();
  }
  Fault fault() const { return fault_; }
  rocksdb::IOStatus Error() const {
    return full_ ? rocksdb::IOStatus::NoSpace("the test says so")
                 : rocksdb::IOStatus::IOError("the test says so");
  }

  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* result,
      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  std::atomic<Fault> fault_{Fault::kNone};
  std::atomic<bool> full_{true};
  mutable absl::Mutex mutex_;
  std::function<void()> observer_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_STORE_FAILING_FILE_SYSTEM_H_
