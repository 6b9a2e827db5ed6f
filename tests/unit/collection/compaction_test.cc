// What a compaction gives back, and how it is told.
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::OpenedCollection;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;

constexpr int kItems = 2000;
constexpr size_t kTextBytes = 1000;

// Text that doesn't compress.
std::string RandomText(std::mt19937_64& random) {
  std::string text(kTextBytes, ' ');
  for (char& c : text) c = static_cast<char>('!' + random() % 90);
  return text;
}

class CompactionTest : public ::testing::Test {
 protected:
  Collection& collection() { return *opened_.collection; }

  void Fill() {
    std::mt19937_64 random(1);
    std::vector<Mutation> puts;
    for (int id = 0; id < kItems; ++id) {
      puts.push_back(VersionedPut(absl::StrCat(id), 1));
      puts.back().item.metadata["text"] = RandomText(random);
    }
    ASSERT_OK(collection().Upsert(std::move(puts)));
  }

  void DeleteHalf() {
    std::vector<std::string> ids;
    for (int id = 0; id < kItems; id += 2) ids.push_back(absl::StrCat(id));
    ASSERT_OK(collection().Delete(ids));
  }

  // Compacts; what it took before and after.
  CompactionState Compact() {
    EXPECT_OK(collection().Compact());
    const CompactionState state = collection().stats().compaction;
    EXPECT_EQ(state.phase, CompactionState::Phase::kDone);
    EXPECT_EQ(state.progress, 1);
    EXPECT_OK(state.status);
    EXPECT_LE(state.started, state.ended);
    return state;
  }

  const testing::TempDir dir_;
  OpenedCollection opened_ = OpenTestCollection(dir_.path());
};

TEST_F(CompactionTest, DeletingHalfGivesBackTwoFifthsOfDiskAndMemory) {
  EXPECT_EQ(collection().stats().compaction.phase,
            CompactionState::Phase::kNone);
  Fill();
  const CollectionSize full = Compact().after;
  EXPECT_GT(full.disk_bytes, kItems * kTextBytes);
  DeleteHalf();
  const CompactionState state = Compact();
  EXPECT_LE(state.after.disk_bytes, full.disk_bytes * 6 / 10);
  EXPECT_LE(state.after.memory_bytes, full.memory_bytes * 6 / 10);
  EXPECT_GT(state.before.disk_bytes, state.after.disk_bytes);
  EXPECT_EQ(collection().size(), uint64_t{kItems} / 2);
}

// Its view is as old as its last operation, and RocksDB keeps what it sees.
TEST_F(CompactionTest, ACollectionThatRestsKeepsNoOthersDeadOnTheDisk) {
  Fill();
  const CollectionSize full = Compact().after;
  ASSERT_OK_AND_ASSIGN(const auto resting,
                       opened_.set->Create(TestSpec("resting")));
  ASSERT_OK(resting->Upsert({VersionedPut("a", 1)}));
  DeleteHalf();
  EXPECT_LE(Compact().after.disk_bytes, full.disk_bytes * 6 / 10);
  EXPECT_OK(resting->Get("a", {}));
  EXPECT_EQ(resting->last_op_id(), 1U);
}

TEST_F(CompactionTest, OneThatWasStartedGoesOnByItself) {
  Fill();
  collection().StartCompaction();
  EXPECT_NE(collection().stats().compaction.phase,
            CompactionState::Phase::kNone);
  collection().StartCompaction();
  // Waits for it.
  Compact();
  EXPECT_EQ(collection().stats().sealed_segments, 1U);
}

TEST_F(CompactionTest, AClosedCollectionGivesUpItsCompaction) {
  Fill();
  opened_ = {};
  SegmentOptions options;
  options.min_graph_rows = 1;
  absl::Notification building;
  options.pace = [&building] {
    if (!building.HasBeenNotified()) building.Notify();
    return true;
  };
  opened_ = OpenTestCollection(dir_.path(), options);
  collection().StartCompaction();
  building.WaitForNotification();
  opened_ = {};
  opened_ = OpenTestCollection(dir_.path());
  EXPECT_OK(collection().stats().opened);
  EXPECT_EQ(collection().size(), uint64_t{kItems});
}

}  // namespace
}  // namespace likeness
