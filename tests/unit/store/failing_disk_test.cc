// A disk that is full, or that fails, and then works again.
#include <memory>
#include <string>
#include <utility>

#include "engine/store/rocksdb_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/failing_file_system.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::FailingFileSystem;
using ::likeness::testing::Fault;
using ::likeness::testing::HasCode;
using ::likeness::testing::Put;
using ::likeness::testing::ScanAll;
using ::likeness::testing::StoreSpec;

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

TEST_P(FailingDiskTest, ABrokenDiskLeavesItReadOnlyUntilItIsOpenedAnew) {
  {
    ASSERT_OK_AND_ASSIGN(auto database,
                         OpenDatabaseOn(env_.get(), dir_.path(), true));
    ASSERT_OK(database->CreateCollection(StoreSpec("a")));
    ASSERT_OK_AND_ASSIGN(auto store, database->OpenStore("a"));
    ASSERT_OK(Apply(*store, {Put("before", 1)}));
    file_system_->Set(GetParam(), /*full=*/false);
    EXPECT_THAT(Apply(*store, {Put("lost", 2)}),
                testing::HasReason(kReasonStorageFailed));
    file_system_->Set(Fault::kNone);
    for (int i = 0; i < 3; ++i) {
      const auto refused = Apply(*store, {Put("after", 3)});
      EXPECT_THAT(refused, HasCode(absl::StatusCode::kUnavailable));
      EXPECT_THAT(refused, testing::HasReason(kReasonStorageFailed));
      EXPECT_THAT(std::string(refused.status().message()),
                  ::testing::HasSubstr("read-only until"));
      EXPECT_OK(store->Get("before", {}));
      EXPECT_EQ(store->size(), 1U);
    }
    EXPECT_FALSE(database->CreateCollection(StoreSpec("b")).ok());
  }
  ASSERT_OK_AND_ASSIGN(const auto opened, testing::OpenStoreIn(dir_.path()));
  EXPECT_OK(opened.store->Get("before", {}));
  EXPECT_EQ(opened.store->Get("lost", {}).ok(), opened.store->size() == 2);
  EXPECT_FALSE(opened.store->Get("after", {}).ok());
  EXPECT_OK(Apply(*opened.store, {Put("after", 3)}));
}

INSTANTIATE_TEST_SUITE_P(Faults, FailingDiskTest,
                         ::testing::Values(Fault::kAppend, Fault::kHalf,
                                           Fault::kSync),
                         [](const auto& test) {
                           return test.param == Fault::kAppend ? "Append"
                                  : test.param == Fault::kHalf ? "Half"
                                                               : "Sync";
                         });

}  // namespace
}  // namespace likeness
