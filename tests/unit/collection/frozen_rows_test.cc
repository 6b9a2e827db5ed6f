// A collection whose builder is held back, or fails.
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "engine/collection/write_throttle.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::OpenedCollection;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::VersionedPut;

constexpr size_t kGrowingRows = 50;
constexpr size_t kMaxFrozenRows = 200;
constexpr int kBatch = 10;

SegmentOptions FewFrozenRows(BuildPace pace) {
  SegmentOptions options;
  options.growing_rows = kGrowingRows;
  options.min_graph_rows = 1;
  options.max_frozen_rows = kMaxFrozenRows;
  options.pace = std::move(pace);
  return options;
}

std::vector<AtomicWrite> Batch(int number) {
  std::vector<AtomicWrite> writes(1);
  for (int i = 0; i < kBatch; ++i) {
    writes.front().mutations.push_back(
        VersionedPut(absl::StrCat(number, "/", i), 1));
  }
  return writes;
}

TEST(FrozenRowsTest, AreBoundedWhereTheBuilderFallsBehind) {
  const testing::TempDir dir;
  absl::Notification released;
  OpenedCollection opened =
      OpenTestCollection(dir.path(), FewFrozenRows([&released] {
                           released.WaitForNotification();
                           return true;
                         }));
  Collection& collection = *opened.collection;
  // As a caller whose deadline comes while it waits.
  const auto until_full = [&collection]() -> absl::Status {
    if (collection.stats().frozen_rows < kMaxFrozenRows) {
      return absl::OkStatus();
    }
    return absl::DeadlineExceededError("too late");
  };
  absl::Status status;
  int batches = 0;
  while (status.ok()) {
    // More than the limit lets in would be a writer that nothing holds up.
    ASSERT_LT(batches, 100);
    status = collection.Apply(Batch(batches++), until_full).front().status();
  }
  EXPECT_THAT(status, HasCode(absl::StatusCode::kDeadlineExceeded));
  const uint64_t frozen = collection.stats().frozen_rows;
  EXPECT_GE(frozen, kMaxFrozenRows);
  EXPECT_LE(frozen, kMaxFrozenRows + kGrowingRows + kBatch);
  // What was refused left no trace, removals are never held up, and searches
  // see all that was taken.
  const uint64_t taken = static_cast<uint64_t>(batches - 1) * kBatch;
  EXPECT_EQ(collection.size(), taken);
  ASSERT_OK(collection.Delete({"0/0"}));
  EXPECT_EQ(collection.size(), taken - 1);
  released.Notify();
  ASSERT_OK(collection.Apply(Batch(batches)).front());
  EXPECT_EQ(collection.size(), taken - 1 + kBatch);
  ASSERT_OK(collection.Compact());
  EXPECT_EQ(collection.stats().frozen_rows, 0U);
}

TEST(FrozenRowsTest, WhereBuildingFailsWritersAreRefusedUntilItWorks) {
  const testing::TempDir dir;
  std::atomic<bool> works = false;
  OpenedCollection opened = OpenTestCollection(
      dir.path(), FewFrozenRows([&works] { return works.load(); }));
  Collection& collection = *opened.collection;
  absl::Status status;
  for (int batch = 0; status.ok(); ++batch) {
    ASSERT_LT(batch, 100);
    status = collection.Apply(Batch(batch)).front().status();
  }
  EXPECT_THAT(status, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(status, HasReason(kReasonIndexBehind));
  EXPECT_FALSE(collection.stats().built.ok());
  works = true;
  ASSERT_OK(collection.Apply(Batch(1000)).front());
}

}  // namespace
}  // namespace likeness
