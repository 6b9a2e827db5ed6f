// Writers that wait while their collection goes over to its other generation.
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "engine/collection/collection_set.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;

std::vector<AtomicWrite> Put(const std::string& id) {
  std::vector<AtomicWrite> writes(1);
  writes[0].mutations.push_back(VersionedPut(id, 1));
  return writes;
}

TEST(HeldWritesTest, WaitAndAreRefusedOnceTheNameHasGoneOver) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto set, CollectionSet::Open(dir.path(), true));
  ASSERT_OK_AND_ASSIGN(const auto collection, set->Create(TestSpec()));
  ASSERT_OK(set->BeginModelChange("test", "new", TestSpec().dimensions));
  ASSERT_OK_AND_ASSIGN(const Generations both, set->GetGenerations("test"));
  both.current->HoldWrites();
  const auto impatient = [] { return absl::CancelledError("gone"); };
  EXPECT_THAT(collection->Apply(Put("1"), impatient)[0],
              HasCode(absl::StatusCode::kCancelled));
  absl::Notification waits;
  std::thread writer([&] {
    const auto refused = collection->Apply(Put("2"), [&waits] {
      if (!waits.HasBeenNotified()) waits.Notify();
      return absl::OkStatus();
    });
    EXPECT_THAT(refused[0], HasReason(kReasonModelChanged));
  });
  waits.WaitForNotification();
  EXPECT_OK(set->SwitchModel("test"));
  both.current->ReleaseWrites();
  writer.join();
  EXPECT_EQ(both.other->last_op_id(), 0U);
  EXPECT_EQ(both.other->size(), 0U);
}

}  // namespace
}  // namespace likeness
