// Snapshots while the store is written to, and data directories made of them.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/store/restore_snapshot.h"
#include "engine/store/verify_database.h"
#include "gtest/gtest.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

using ::likeness::testing::Apply;
using ::likeness::testing::Delete;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::OpenStoreIn;
using ::likeness::testing::TempDir;
using ::likeness::testing::UnitPut;
using ::testing::AnyOf;

class SnapshotTest : public ::testing::Test {
 protected:
  std::string snapshot() const { return dir_.File("snapshot"); }
  std::string restored() const { return dir_.File("restored"); }

  // Restores the snapshot and verifies what came of it.
  void RestoreAndVerify() {
    ASSERT_OK(RestoreSnapshot(snapshot(), restored()));
    ASSERT_OK_AND_ASSIGN(const VerifyReport report, VerifyDatabase(restored()));
    EXPECT_TRUE(report.ok()) << report.problems()[0].what;
  }

  TempDir dir_;
  std::string data_ = dir_.File("data");
};

TEST_F(SnapshotTest, HasWhatWasThereAndNothingThatCameLater) {
  {
    ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(data_));
    ASSERT_OK(Apply(*opened.store, {UnitPut("a"), UnitPut("b")}));
    ASSERT_OK_AND_ASSIGN(const SnapshotManifest manifest,
                         opened.database->Snapshot(snapshot()));
    ASSERT_EQ(manifest.collections.size(), 1U);
    EXPECT_EQ(manifest.collections[0].name, "a");
    EXPECT_EQ(manifest.collections[0].last_op_id, 2U);
    EXPECT_EQ(manifest.collections[0].live_items, 2U);
    ASSERT_OK(Apply(*opened.store, {UnitPut("c"), Delete("a")}));
  }
  RestoreAndVerify();
  ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(restored()));
  EXPECT_EQ(opened.store->last_op_id(), 2U);
  EXPECT_OK(opened.store->Get("a", {}));
  EXPECT_THAT(opened.store->Get("c", {}), HasCode(absl::StatusCode::kNotFound));
  // It goes on from there.
  ASSERT_OK(Apply(*opened.store, {UnitPut("d")}));
  EXPECT_EQ(opened.store->last_op_id(), 3U);
}

// Operation n puts item n: a snapshot that has operation n has them all.
TEST_F(SnapshotTest, IsAPrefixOfWhatIsWrittenMeanwhile) {
  {
    ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(data_));
    std::atomic<bool> done = false;
    std::atomic<uint64_t> acknowledged = 0;
    std::thread writer([&] {
      for (uint64_t i = 1; !done; ++i) {
        ASSERT_OK(Apply(*opened.store, {UnitPut(absl::StrCat(i))}));
        acknowledged = i;
      }
    });
    for (int i = 0; i < 5; ++i) {
      fs::remove_all(snapshot());
      fs::remove_all(restored());
      const uint64_t before = acknowledged;
      while (acknowledged < before + 20) std::this_thread::yield();
      const uint64_t at_least = acknowledged;
      const auto manifest = opened.database->Snapshot(snapshot());
      const uint64_t at_most = acknowledged + 1;
      EXPECT_OK(manifest);
      if (!manifest.ok()) break;
      const uint64_t last = manifest->collections[0].last_op_id;
      EXPECT_GE(last, at_least);
      EXPECT_LE(last, at_most);
      EXPECT_EQ(manifest->collections[0].live_items, last);
      RestoreAndVerify();
    }
    done = true;
    writer.join();
  }
}

TEST_F(SnapshotTest, IsRefusedAsADataDirectoryAndAsATarget) {
  ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(data_));
  ASSERT_OK(opened.database->Snapshot(snapshot()));
  EXPECT_THAT(Database::Open(snapshot(), true),
              Fails(absl::StatusCode::kFailedPrecondition, "is a snapshot"));
  EXPECT_THAT(opened.database->Snapshot(snapshot()),
              HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(RestoreSnapshot(snapshot(), data_),
              HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(RestoreSnapshot(data_, restored()),
              Fails(absl::StatusCode::kNotFound, "is no snapshot"));
}

TEST_F(SnapshotTest, OfTwoAtOnceInOneFolderOneIsMadeAndWhole) {
  ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(data_));
  ASSERT_OK(Apply(*opened.store, {UnitPut("a"), UnitPut("b")}));
  for (int round = 0; round < 10; ++round) {
    fs::remove_all(snapshot());
    fs::remove_all(restored());
    absl::Status here;
    absl::Status there;
    std::thread other(
        [&] { there = opened.database->Snapshot(snapshot()).status(); });
    here = opened.database->Snapshot(snapshot()).status();
    other.join();
    EXPECT_OK(here.ok() ? here : there);
    // By whether it came while the other was made, or afterwards.
    EXPECT_THAT(here.ok() ? there : here,
                AnyOf(HasReason(kReasonSnapshotUnderWay),
                      HasCode(absl::StatusCode::kAlreadyExists)));
    RestoreAndVerify();
  }
}

TEST_F(SnapshotTest, AnotherOneIsRefusedAtOnceWhileOneIsMade) {
  ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(data_));
  const std::string folder = opened.store->derived_folder();
  fs::create_directories(folder);
  testing::OverwriteFile(folder + "/MANIFEST", "names 1");
  // A pipe: who reads it waits as long as somebody may write to it.
  const std::string pipe = folder + "/1.rows";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  auto first = std::async(std::launch::async, [&] {
    return opened.database->Snapshot(snapshot()).status();
  });
  const int writer = open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  const std::string other = dir_.File("other");
  const absl::Status refused = opened.database->Snapshot(other).status();
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(refused, HasReason(kReasonSnapshotUnderWay));
  EXPECT_FALSE(fs::exists(other));
  // The first one fails for want of the file, and stands in nobody's way.
  fs::remove(snapshot() + pipe.substr(data_.size()));
  close(writer);
  EXPECT_THAT(first.get(), HasCode(absl::StatusCode::kNotFound));
  EXPECT_FALSE(fs::exists(snapshot()));
  fs::remove(pipe);
  EXPECT_OK(opened.database->Snapshot(other));
}

TEST_F(SnapshotTest, TakesSegmentFilesAlong) {
  ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(data_));
  const std::string folder = opened.store->derived_folder();
  fs::create_directories(folder);
  testing::OverwriteFile(folder + "/MANIFEST", "names 1");
  testing::OverwriteFile(folder + "/1.rows", "rows");
  ASSERT_OK(opened.database->Snapshot(snapshot()));
  ASSERT_OK(RestoreSnapshot(snapshot(), restored()));
  const std::string name = folder.substr(data_.size());
  EXPECT_EQ(testing::ReadFileOrFail(restored() + name + "/MANIFEST"),
            "names 1");
  EXPECT_EQ(testing::ReadFileOrFail(restored() + name + "/1.rows"), "rows");
}

// Every file of a snapshot, with a flipped bit, cut short, or missing.
TEST_F(SnapshotTest, ADamagedFileIsNamedAndNothingIsPutInPlace) {
  {
    ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(data_));
    ASSERT_OK(Apply(*opened.store, {UnitPut("a"), UnitPut("b")}));
    ASSERT_OK(opened.database->Snapshot(snapshot()));
  }
  const std::vector<std::string> files = testing::FilesBelow(snapshot());
  ASSERT_GT(files.size(), 5U);
  for (const std::string& file : files) {
    const std::string good = testing::ReadFileOrFail(file);
    if (good.empty()) continue;
    std::string bad = good;
    bad[good.size() / 2] = static_cast<char>(bad[good.size() / 2] ^ 4);
    for (const std::string& contents : {bad, good.substr(1)}) {
      fs::remove(file);  // It may be the data directory's as well.
      testing::OverwriteFile(file, contents);
      EXPECT_THAT(RestoreSnapshot(snapshot(), restored()),
                  Fails(absl::StatusCode::kDataLoss, file));
      EXPECT_FALSE(fs::exists(restored()));
    }
    fs::remove(file);
    EXPECT_THAT(RestoreSnapshot(snapshot(), restored()),
                HasCode(absl::StatusCode::kNotFound));
    testing::OverwriteFile(file, good);
  }
  for (const auto& entry : fs::directory_iterator(dir_.path())) {
    EXPECT_EQ(entry.path().string().find("restoring"), std::string::npos);
  }
  RestoreAndVerify();
}

}  // namespace
}  // namespace likeness
