#include "engine/collection/collection_set.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::HeldBuilds;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;

std::vector<std::string> NamesOf(const CollectionSet& set) {
  std::vector<std::string> names;
  for (const auto& collection : set.List()) {
    names.push_back(collection->spec().name);
  }
  return names;
}

TEST(CollectionSetTest, CollectionsSurviveAReopen) {
  const TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
    CollectionSpec spec = TestSpec("shoes");
    spec.model_id = "model";
    spec.keep_thumbnails = false;
    ASSERT_OK(set->Create(spec));
    ASSERT_OK(set->Create(TestSpec("hats")));
  }
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), false));
  EXPECT_EQ(NamesOf(*set), (std::vector<std::string>{"hats", "shoes"}));
  ASSERT_OK_AND_ASSIGN(const auto shoes, set->Get("shoes"));
  EXPECT_EQ(shoes->spec().model_id, "model");
  EXPECT_EQ(shoes->spec().dimensions, TestSpec().dimensions);
  EXPECT_FALSE(shoes->spec().keep_thumbnails);
  EXPECT_GT(shoes->spec().created, absl::UnixEpoch());
}

TEST(CollectionSetTest, ThumbnailsAreKeptOnlyWhereTheCollectionWantsThem) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
  CollectionSpec spec = TestSpec();
  spec.keep_thumbnails = false;
  ASSERT_OK_AND_ASSIGN(const auto collection, set->Create(spec));
  Mutation put = VersionedPut("a", 1);
  put.item.thumbnail_jpeg = "jpeg";
  ASSERT_OK(collection->Upsert({put}));
  ASSERT_OK_AND_ASSIGN(const Item item,
                       collection->Get("a", {.thumbnail = true}));
  EXPECT_EQ(item.thumbnail_jpeg, "");
}

TEST(CollectionSetTest, NamesAreTakenOnceAndMissedByName) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
  ASSERT_OK(set->Create(TestSpec("shoes")));
  EXPECT_THAT(set->Create(TestSpec("shoes")),
              Fails(absl::StatusCode::kAlreadyExists, "shoes"));
  EXPECT_THAT(set->Get("hats"), Fails(absl::StatusCode::kNotFound, "hats"));
  EXPECT_THAT(set->Drop("hats"), Fails(absl::StatusCode::kNotFound, "hats"));
  EXPECT_THAT(set->Create(TestSpec("No")),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST(CollectionSetTest, CollectionsDontSeeEachOther) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
  ASSERT_OK_AND_ASSIGN(const auto first, set->Create(TestSpec("first")));
  ASSERT_OK_AND_ASSIGN(const auto second, set->Create(TestSpec("second")));
  ASSERT_OK(first->Upsert({VersionedPut("a", 1)}));
  ASSERT_OK(second->Upsert({VersionedPut("b", 1), VersionedPut("a", 2)}));
  EXPECT_EQ(first->last_op_id(), 1U);
  EXPECT_EQ(second->last_op_id(), 2U);
  ASSERT_OK_AND_ASSIGN(const ItemPage page, first->List("", 10, {}));
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(testing::VersionOf(page.items[0]), 1);
}

TEST(CollectionSetTest, ADroppedCollectionAnswersItsHoldersButTakesNoWrites) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
  ASSERT_OK_AND_ASSIGN(const auto held, set->Create(TestSpec("a")));
  ASSERT_OK(held->Upsert({VersionedPut("x", 1)}));
  ASSERT_OK(set->Drop("a"));
  EXPECT_THAT(set->Get("a"), HasCode(absl::StatusCode::kNotFound));
  const auto refused = held->Upsert({VersionedPut("y", 1)});
  EXPECT_THAT(refused, Fails(absl::StatusCode::kFailedPrecondition, "deleted"));
  EXPECT_THAT(refused, testing::HasReason(kReasonCollectionDeleted));
  SearchRequest request;
  request.target = VersionedVector(Space::kSimilar, "x", 1);
  ASSERT_OK_AND_ASSIGN(const SearchResult result, held->Search(request));
  ASSERT_EQ(result.hits.size(), 1U);
  EXPECT_EQ(result.hits[0].id, "x");
  EXPECT_OK(held->Get("x", {}));
}

TEST(CollectionSetTest, ANewCollectionOfADroppedNameIsEmptyAndStaysApart) {
  const TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
    ASSERT_OK_AND_ASSIGN(const auto old, set->Create(TestSpec("a")));
    ASSERT_OK(old->Upsert({VersionedPut("x", 1)}));
    ASSERT_OK(set->Drop("a"));
    ASSERT_OK_AND_ASSIGN(const auto fresh, set->Create(TestSpec("a")));
    EXPECT_EQ(fresh->size(), 0U);
    EXPECT_EQ(fresh->last_op_id(), 0U);
    ASSERT_OK(fresh->Upsert({VersionedPut("y", 1)}));
    EXPECT_FALSE(old->Upsert({VersionedPut("z", 1)}).ok());
  }
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), false));
  ASSERT_OK_AND_ASSIGN(const auto reopened, set->Get("a"));
  ASSERT_OK_AND_ASSIGN(const ItemPage page, reopened->List("", 10, {}));
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].id, "y");
}

TEST(CollectionSetTest, LookUpsDontWaitForWhatADroppedCollectionIsFinishing) {
  const TempDir dir;
  HeldBuilds builds;
  SegmentOptions options;
  options.growing_rows = 1;
  options.pace = builds.pace();
  ASSERT_OK_AND_ASSIGN(auto set,
                       CollectionSet::Open(dir.path(), true, options));
  const absl::Cleanup opener = [&builds] { builds.Open(); };
  ASSERT_OK_AND_ASSIGN(auto dropped, set->Create(TestSpec("dropped")));
  ASSERT_OK(dropped->Upsert({VersionedPut("a", 1)}));
  ASSERT_OK(dropped->Upsert({VersionedPut("b", 1)}));  // "a" is to be sealed.
  dropped.reset();
  builds.AwaitHeld(1);
  std::thread dropper([&set] { EXPECT_OK(set->Drop("dropped")); });
  absl::Notification missed;
  std::thread looker([&] {
    while (set->Get("dropped").ok()) std::this_thread::yield();
    missed.Notify();
  });
  EXPECT_TRUE(missed.WaitForNotificationWithTimeout(absl::Seconds(30)));
  builds.Open();
  dropper.join();
  looker.join();
}

TEST(CollectionSetTest, IndexOptionsAreOfBothGenerations) {
  const TempDir dir;
  const auto set_m = [](CollectionSet& set, int m) {
    ASSERT_OK(set.UpdateIndexOptions(
        "test", [m](IndexOptions& options) { options.m = m; }));
  };
  {
    ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
    ASSERT_OK(set->Create(TestSpec()));
    set_m(*set, 10);
    ASSERT_OK(
        set->BeginModelChange("test", "new model", TestSpec().dimensions));
    EXPECT_EQ(set->FindModelChange("test")->other.index.m, 10);
    set_m(*set, 11);  // While nobody has the other one open.
    ASSERT_OK_AND_ASSIGN(const Generations both, set->GetGenerations("test"));
    EXPECT_EQ(both.other->spec().index.m, 11);
    set_m(*set, 12);
    EXPECT_EQ(both.other->spec().index.m, 12);
    EXPECT_EQ(both.other->stats().index.m, 12);
  }
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), false));
  const auto change = set->FindModelChange("test");
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->other.model_id, "new model");
  ASSERT_OK(set->SwitchModel("test"));
  ASSERT_OK_AND_ASSIGN(const auto switched, set->Get("test"));
  EXPECT_EQ(switched->spec().index.m, 12);
  EXPECT_EQ(switched->spec().model_id, "new model");
}

TEST(CollectionSetTest, ACollectionMayOutliveTheSet) {
  const TempDir dir;
  std::shared_ptr<Collection> held;
  {
    ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
    ASSERT_OK_AND_ASSIGN(held, set->Create(TestSpec("a")));
  }
  EXPECT_OK(held->Upsert({VersionedPut("x", 1)}));
  const auto second = CollectionSet::Open(dir.path(), false);
  EXPECT_THAT(second, HasReason(kReasonDirectoryInUse));
  held.reset();
  EXPECT_OK(CollectionSet::Open(dir.path(), false));
}

}  // namespace
}  // namespace likeness
