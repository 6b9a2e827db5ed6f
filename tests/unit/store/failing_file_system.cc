#include "tests/unit/store/failing_file_system.h"

namespace likeness::testing {
namespace {

class FailingFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FailingFile(std::unique_ptr<rocksdb::FSWritableFile> file,
              const FailingFileSystem& file_system)
      : FSWritableFileOwnerWrapper(std::move(file)),
        file_system_(file_system) {}

  using FSWritableFileOwnerWrapper::Append;
  rocksdb::IOStatus Append(const rocksdb::Slice& data,
                           const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    file_system_.Observe();
    if (file_system_.fault() == Fault::kAppend) return file_system_.Error();
    if (file_system_.fault() == Fault::kHalf) {
      target()
          ->Append(rocksdb::Slice(data.data(), data.size() / 2), options, debug)
          .PermitUncheckedError();
      return file_system_.Error();
    }
    return target()->Append(data, options, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    file_system_.Observe();
    if (file_system_.fault() == Fault::kSync) return file_system_.Error();
    return target()->Sync(options, debug);
  }

 private:
  const FailingFileSystem& file_system_;
};

}  // namespace

rocksdb::IOStatus FailingFileSystem::NewWritableFile(
    const std::string& name, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result,
    rocksdb::IODebugContext* debug) {
  Observe();
  rocksdb::IOStatus status =
      target()->NewWritableFile(name, options, result, debug);
  if (status.ok()) {
    *result = std::make_unique<FailingFile>(std::move(*result), *this);
  }
  return status;
}

rocksdb::IOStatus FailingFileSystem::RenameFile(
    const std::string& from, const std::string& to,
    const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) {
  Observe();
  return target()->RenameFile(from, to, options, debug);
}

rocksdb::IOStatus FailingFileSystem::DeleteFile(
    const std::string& name, const rocksdb::IOOptions& options,
    rocksdb::IODebugContext* debug) {
  Observe();
  return target()->DeleteFile(name, options, debug);
}

}  // namespace likeness::testing
