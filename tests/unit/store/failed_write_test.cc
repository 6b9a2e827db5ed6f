// What becomes of a write that failed, wherever the process ends afterwards:
// while the disk is full, in the middle of the recovery, or after it.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/store/rocksdb_database.h"
#include "engine/store/verify_database.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/failing_file_system.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::FailingFileSystem;
using ::likeness::testing::Fault;
using ::likeness::testing::OpenStoreIn;
using ::likeness::testing::TempDir;
using ::likeness::testing::UnitPut;

// What lay in memory when the write failed: it decides what a recovery does.
enum class Before {
  kWritten,   // Writes since the start: they are moved into tables.
  kOpened,    // Nothing: the directory was just opened,
  kSnapshot,  // or a snapshot has moved all.
};

struct Case {
  Fault fault;
  Before before;
};

// One with a record in every family.
AtomicWrite FullWrite(const std::string& id) {
  AtomicWrite write;
  write.request_id = absl::StrCat("request ", id);
  Mutation put = UnitPut(id);
  put.item.thumbnail_jpeg = "jpeg";
  put.item.expires = absl::FromUnixSeconds(4'000'000'000);
  write.mutations = {put};
  return write;
}

absl::Status ApplyFull(MetadataStore& store, const std::string& id) {
  return store.Apply({FullWrite(id)}).status();
}

class FailedWriteTest : public ::testing::TestWithParam<Case> {
 protected:
  // The directory as a kill would leave it now.
  void TakeImage() {
    testing::CopyAsKilled(dir_.path(),
                          images_.File(absl::StrCat(num_images_++)));
  }

  // Which of the items `image` has, once it was found to be whole.
  std::string ItemsOf(const std::string& image) {
    const auto report = VerifyDatabase(image);
    EXPECT_OK(report);
    if (report.ok() && !report->ok()) {
      ADD_FAILURE() << report->problems()[0].where << ": "
                    << report->problems()[0].what;
    }
    const auto opened = OpenStoreIn(image);
    EXPECT_OK(opened);
    if (!opened.ok()) return "";
    std::string found;
    for (const char* id : {"before", "failed", "after"}) {
      if (opened->store->Get(id, {}).ok()) absl::StrAppend(&found, id, " ");
    }
    EXPECT_OK(ApplyFull(*opened->store, "next"));
    return found;
  }

  // Makes the directory, up to the write that is to fail.
  void Prepare(Before before) {
    Open();
    ASSERT_OK(ApplyFull(*store_, "before"));
    if (before == Before::kOpened) Open();
    if (before == Before::kSnapshot) {
      ASSERT_OK(database_->Snapshot(images_.File("snapshot")));
    }
  }

  void Open() {
    store_.reset();
    database_.reset();
    ASSERT_OK_AND_ASSIGN(database_,
                         OpenDatabaseOn(env_.get(), dir_.path(), true));
    if (database_->ListCollections().empty()) {
      ASSERT_OK(database_->CreateCollection(testing::StoreSpec("a")));
    }
    ASSERT_OK_AND_ASSIGN(store_, database_->OpenStore("a"));
  }

  TempDir dir_;
  TempDir images_;
  int num_images_ = 0;
  std::shared_ptr<FailingFileSystem> file_system_ =
      std::make_shared<FailingFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(file_system_);
  std::unique_ptr<Database> database_;
  std::unique_ptr<MetadataStore> store_;
};

TEST_P(FailedWriteTest, HappenedAsAWholeOrNotAndNeverBeforeALaterOne) {
  Prepare(GetParam().before);
  ASSERT_FALSE(HasFatalFailure());
  file_system_->Set(GetParam().fault);
  ASSERT_FALSE(ApplyFull(*store_, "failed").ok());
  file_system_->Set(Fault::kNone);
  TakeImage();
  // There is room again: the next write recovers the store first.
  file_system_->SetObserver([this] { TakeImage(); });
  const absl::Status after = ApplyFull(*store_, "after");
  file_system_->SetObserver(nullptr);
  ASSERT_OK(after);
  const int before_acknowledged = num_images_;
  TakeImage();
  ASSERT_GT(before_acknowledged, 5) << "it was not recovered";
  for (int i = 0; i < num_images_; ++i) {
    SCOPED_TRACE(absl::StrCat("image ", i, " of ", num_images_));
    const std::string items = ItemsOf(images_.File(absl::StrCat(i)));
    if (i >= before_acknowledged) {
      EXPECT_EQ(items, "before after ");
    } else {
      EXPECT_TRUE(items == "before " || items == "before failed " ||
                  items == "before after ")
          << items;
    }
    ASSERT_FALSE(HasFailure());
  }
}

std::string NameOf(const ::testing::TestParamInfo<Case>& test) {
  const std::string before = test.param.before == Before::kWritten ? "Written"
                             : test.param.before == Before::kOpened
                                 ? "Opened"
                                 : "Snapshot";
  return absl::StrCat(test.param.fault == Fault::kSync     ? "Sync"
                      : test.param.fault == Fault::kAppend ? "Append"
                                                           : "Half",
                      before);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, FailedWriteTest,
    ::testing::Values(Case{Fault::kSync, Before::kWritten},
                      Case{Fault::kSync, Before::kOpened},
                      Case{Fault::kSync, Before::kSnapshot},
                      Case{Fault::kAppend, Before::kWritten},
                      Case{Fault::kAppend, Before::kOpened}),
    NameOf);

}  // namespace
}  // namespace likeness
