// A disk that is full, or that fails, and then works again.
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "engine/store/rocksdb_database.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::HasCode;
using ::likeness::testing::Put;
using ::likeness::testing::ScanAll;
using ::likeness::testing::StoreSpec;

enum class Fault { kNone, kAppend, kSync };

// Lets appends or syncs of files fail with "no space" while it is told to.
class FailingFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FailingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FailingFileSystem"; }
  void Set(Fault fault) { fault_ = fault; }
  rocksdb::IOStatus Check(Fault fault) const {
    if (fault_ != fault) return rocksdb::IOStatus::OK();
    return rocksdb::IOStatus::NoSpace("the test says so");
  }

  rocksdb::IOStatus NewWritableFile(
      const std::string& name, const rocksdb::FileOptions& options,
      std::unique_ptr<rocksdb::FSWritableFile>* result,
      rocksdb::IODebugContext* debug) override;

 private:
  std::atomic<Fault> fault_{Fault::kNone};
};

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
    rocksdb::IOStatus status = file_system_.Check(Fault::kAppend);
    return status.ok() ? target()->Append(data, options, debug) : status;
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = file_system_.Check(Fault::kSync);
    return status.ok() ? target()->Sync(options, debug) : status;
  }

 private:
  const FailingFileSystem& file_system_;
};

rocksdb::IOStatus FailingFileSystem::NewWritableFile(
    const std::string& name, const rocksdb::FileOptions& options,
    std::unique_ptr<rocksdb::FSWritableFile>* result,
    rocksdb::IODebugContext* debug) {
  rocksdb::IOStatus status =
      target()->NewWritableFile(name, options, result, debug);
  if (status.ok()) {
    *result = std::make_unique<FailingFile>(std::move(*result), *this);
  }
  return status;
}

class FailingDiskTest : public ::testing::TestWithParam<Fault> {
 protected:
  testing::TempDir dir_;
  std::shared_ptr<FailingFileSystem> file_system_ =
      std::make_shared<FailingFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(file_system_);
};

TEST_P(FailingDiskTest, NothingIsHalfWrittenAndTheStoreRecovers) {
  {
    ASSERT_OK_AND_ASSIGN(auto database,
                         OpenDatabaseOn(env_.get(), dir_.path(), true));
    ASSERT_OK(database->CreateCollection(StoreSpec("a")));
    ASSERT_OK_AND_ASSIGN(auto store, database->OpenStore("a"));
    ASSERT_OK(Apply(*store, {Put("before", 1)}));
    file_system_->Set(GetParam());
    for (int i = 0; i < 3; ++i) {
      const auto refused = Apply(*store, {Put("lost", 2), Put("before", 3)});
      EXPECT_THAT(refused, HasCode(absl::StatusCode::kResourceExhausted));
      EXPECT_THAT(refused, testing::HasReason(kReasonStorageFailed));
      EXPECT_EQ(store->last_op_id(), 1U);
      EXPECT_EQ(store->size(), 1U);
      EXPECT_EQ(ScanAll(*store).size(), 1U);
      EXPECT_OK(store->Get("before", {}));
    }
    file_system_->Set(Fault::kNone);
    ASSERT_OK_AND_ASSIGN(const auto applied, Apply(*store, {Put("after", 4)}));
    EXPECT_EQ(applied[0].op_id, 2U);
  }
  ASSERT_OK_AND_ASSIGN(const auto opened, testing::OpenStoreIn(dir_.path()));
  EXPECT_EQ(opened.store->last_op_id(), 2U);
  EXPECT_EQ(ScanAll(*opened.store),
            (std::vector<std::pair<uint64_t, float>>{{1, 1.0F}, {2, 4.0F}}));
}

INSTANTIATE_TEST_SUITE_P(Faults, FailingDiskTest,
                         ::testing::Values(Fault::kAppend, Fault::kSync),
                         [](const auto& test) {
                           return test.param == Fault::kAppend ? "Append"
                                                               : "Sync";
                         });

}  // namespace
}  // namespace likeness
