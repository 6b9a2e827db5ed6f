// Conditions, patches, expiry, and writes that stand beside each other.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "engine/store/metadata_store.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::Delete;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::If;
using ::likeness::testing::Patch;
using ::likeness::testing::Put;
using ::likeness::testing::ScanAll;

using Change = Outcome::Change;

class ConditionalWriteTest : public testing::StoreTest {
 protected:
  Item Get(const std::string& id) {
    const absl::StatusOr<Item> item = store().Get(id, {.thumbnail = true});
    EXPECT_OK(item);
    return item.ok() ? *item : Item();
  }
};

std::vector<AtomicWrite> Separately(std::vector<Mutation> mutations) {
  std::vector<AtomicWrite> writes(mutations.size());
  for (size_t i = 0; i < writes.size(); ++i) {
    writes[i].mutations.push_back(std::move(mutations[i]));
  }
  return writes;
}

TEST_F(ConditionalWriteTest, ARefusedWriteLeavesNoTraceAndTouchesNoOther) {
  std::vector<AtomicWrite> writes(3);
  writes[0].mutations = {Put("a", 1)};
  writes[1].mutations = {Put("b", 2), Put("a", 3), Delete("b"),
                         If(Condition::Kind::kAbsent, Put("a", 4))};
  writes[2].mutations = {Put("c", 5), If(Condition::Kind::kOpId, Put("a", 6))};
  writes[2].mutations[1].condition.op_id = 1;
  ASSERT_OK_AND_ASSIGN(const Committed committed, store().Apply(writes));
  ASSERT_EQ(committed.results.size(), 3U);
  EXPECT_OK(committed.results[0]);
  EXPECT_THAT(committed.results[1],
              Fails(absl::StatusCode::kAlreadyExists, "\"a\""));
  EXPECT_THAT(committed.results[1], HasReason(kReasonItemExists));
  ASSERT_OK(committed.results[2]);
  EXPECT_EQ(committed.results[2]->at(1).op_id, 3U);
  EXPECT_EQ(committed.mutations.size(), 3U);
  Reopen();
  EXPECT_EQ(ScanAll(store()),
            (std::vector<std::pair<uint64_t, float>>{{2, 5.0F}, {3, 6.0F}}));
  EXPECT_EQ(store().last_op_id(), 3U);
  EXPECT_EQ(store().size(), 2U);
  EXPECT_THAT(store().Get("b", {}), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(ConditionalWriteTest, IfAbsentWritesOnce) {
  const Mutation put = If(Condition::Kind::kAbsent, Put("a", 1));
  ASSERT_OK_AND_ASSIGN(auto outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].change, Change::kCreated);
  EXPECT_THAT(Apply(store(), {put}), HasReason(kReasonItemExists));
  ASSERT_OK(Apply(store(), {Delete("a")}));
  ASSERT_OK_AND_ASSIGN(outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].op_id, 3U);
}

TEST_F(ConditionalWriteTest, IfOpIdWritesOverTheVersionThatWasRead) {
  ASSERT_OK(Apply(store(), {Put("a", 1), Put("b", 1)}));
  Mutation put = If(Condition::Kind::kOpId, Put("a", 2));
  put.condition.op_id = 1;
  ASSERT_OK_AND_ASSIGN(const auto outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].change, Change::kReplaced);
  const auto late = Apply(store(), {put});
  EXPECT_THAT(late, Fails(absl::StatusCode::kAborted, "operation 3"));
  EXPECT_THAT(late, HasReason(kReasonVersionMismatch));
  Mutation drop = If(Condition::Kind::kOpId, Delete("a"));
  drop.condition.op_id = 1;
  EXPECT_THAT(Apply(store(), {drop}), HasReason(kReasonVersionMismatch));
  drop.condition.op_id = 3;
  EXPECT_OK(Apply(store(), {drop}));
  EXPECT_THAT(Apply(store(), {drop}),
              Fails(absl::StatusCode::kAborted, "not there"));
}

TEST_F(ConditionalWriteTest, IfChangedWritesNothingWhenNothingChanged) {
  const Mutation put = If(Condition::Kind::kChanged, Put("a", 1));
  ASSERT_OK_AND_ASSIGN(auto outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].change, Change::kCreated);
  Reopen();
  // The same again, also behind a change of the same group.
  Mutation other = put;
  other.item.source = "elsewhere";
  ASSERT_OK_AND_ASSIGN(
      const Committed committed,
      store().Apply(Separately({put, other, other, put, put})));
  const std::vector<std::pair<Change, uint64_t>> expected = {
      {Change::kUnchanged, 1},
      {Change::kReplaced, 2},
      {Change::kUnchanged, 2},
      {Change::kReplaced, 3},
      {Change::kUnchanged, 3}};
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_OK(committed.results[i]);
    EXPECT_EQ(committed.results[i]->front().change, expected[i].first) << i;
    EXPECT_EQ(committed.results[i]->front().op_id, expected[i].second) << i;
  }
  EXPECT_EQ(store().last_op_id(), 3U);
}

TEST_F(ConditionalWriteTest, APictureIsComparedByItsBytesElseTheVectors) {
  Mutation put = If(Condition::Kind::kChanged, Put("a", 1));
  put.item.picture.emplace().content_hash = Sha256("one");
  ASSERT_OK(Apply(store(), {put}));
  put.vectors[Space::kSimilar].assign(testing::kDimensions, 2.0F);
  ASSERT_OK_AND_ASSIGN(auto outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].change, Change::kUnchanged);
  put.item.picture->content_hash = Sha256("two");
  ASSERT_OK_AND_ASSIGN(outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].change, Change::kReplaced);
  put.item.picture.reset();
  put.vectors[Space::kSimilar][0] = 2.0000002F;
  ASSERT_OK_AND_ASSIGN(outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].change, Change::kReplaced);
  put.item.metadata["value"] = 8.0;
  ASSERT_OK_AND_ASSIGN(outcomes, Apply(store(), {put}));
  EXPECT_EQ(outcomes[0].change, Change::kReplaced);
}

TEST_F(ConditionalWriteTest, APatchKeepsAllButWhatItNames) {
  Mutation put = Put("a", 1);
  put.item.metadata["colour"] = "green";
  put.item.source = "there";
  put.item.thumbnail_jpeg = "small";
  put.item.picture.emplace().content_hash = Sha256("one");
  put.item.hash.emplace().quality = 71;
  ASSERT_OK(Apply(store(), {put}));
  const Item before = Get("a");
  Reopen();
  Mutation patch = Patch("a", {{"size", int64_t{3}}, {"value", 2.0}});
  patch.patch.remove = {"colour", "never there"};
  std::vector<AtomicWrite> writes(1);
  writes[0].mutations = {patch};
  ASSERT_OK_AND_ASSIGN(const Committed committed, store().Apply(writes));
  ASSERT_EQ(committed.mutations.size(), 1U);
  EXPECT_EQ(committed.mutations[0].kind, Mutation::Kind::kPut);
  EXPECT_EQ(committed.mutations[0].vectors[Space::kSimilar],
            std::vector<float>(testing::kDimensions, 1.0F));
  EXPECT_EQ(committed.applied[0].replaced_op_id, 1U);
  const Item after = Get("a");
  EXPECT_EQ(after.metadata, (Metadata{{"size", int64_t{3}}, {"value", 2.0}}));
  EXPECT_EQ(committed.mutations[0].item.metadata, after.metadata);
  EXPECT_EQ(after.op_id, 2U);
  EXPECT_EQ(after.created, before.created);
  EXPECT_GE(after.updated, before.updated);
  EXPECT_EQ(after.source, "there");
  EXPECT_EQ(after.thumbnail_jpeg, "small");
  EXPECT_EQ(after.picture, before.picture);
  EXPECT_EQ(after.hash, before.hash);
  EXPECT_EQ(ScanAll(store()),
            (std::vector<std::pair<uint64_t, float>>{{2, 1.0F}}));
}

TEST_F(ConditionalWriteTest, PatchesOfOneGroupBuildOnEachOther) {
  ASSERT_OK_AND_ASSIGN(
      const Committed committed,
      store().Apply(Separately({Put("a", 1), Patch("a", {{"x", true}}),
                                Patch("a", {{"y", true}}), Delete("a"),
                                Patch("a", {{"z", true}}), Put("a", 7),
                                Patch("a", {{"z", true}})})));
  EXPECT_THAT(committed.results[4],
              Fails(absl::StatusCode::kNotFound, "\"a\""));
  EXPECT_EQ(committed.mutations[2].item.metadata.size(), 3U);
  EXPECT_EQ(Get("a").metadata, (Metadata{{"value", 7.0}, {"z", true}}));
  EXPECT_EQ(store().last_op_id(), 6U);
}

TEST_F(ConditionalWriteTest, APatchMustLeaveTheMetadataWithinItsLimits) {
  Mutation put = Put("a", 1);
  put.item.metadata["long"] = std::string(kMaxMetadataBytes - 100, 'x');
  ASSERT_OK(Apply(store(), {put}));
  EXPECT_THAT(Apply(store(), {Patch("a", {{"more", std::string(200, 'y')}})}),
              Fails(absl::StatusCode::kInvalidArgument, "item \"a\""));
  EXPECT_EQ(Get("a").op_id, 1U);
}

TEST_F(ConditionalWriteTest, AnUnchangedPatchWritesNothing) {
  ASSERT_OK(Apply(store(), {Put("a", 1)}));
  const Mutation patch =
      If(Condition::Kind::kChanged, Patch("a", {{"value", 1.0}}));
  ASSERT_OK_AND_ASSIGN(const auto outcomes, Apply(store(), {patch}));
  EXPECT_EQ(outcomes[0].change, Change::kUnchanged);
  EXPECT_EQ(outcomes[0].op_id, 1U);
}

TEST_F(ConditionalWriteTest, ExpiryFollowsTheCurrentVersion) {
  const absl::Time start = absl::FromUnixSeconds(1'700'000'000);
  const auto at = [&](const std::string& id, int seconds) {
    Mutation put = Put(id, 1);
    put.item.expires = start + absl::Seconds(seconds);
    return put;
  };
  const auto expired = [&](int seconds, int limit = 10) {
    const auto found =
        store().ListExpired(start + absl::Seconds(seconds), limit);
    EXPECT_OK(found);
    std::string ids;
    for (const ItemVersion& item : *found) ids += item.id;
    return ids;
  };
  ASSERT_OK(Apply(store(), {at("c", 3), at("a", 1), at("b", 2), Put("d", 1)}));
  Reopen();
  EXPECT_EQ(expired(0), "");
  EXPECT_EQ(expired(1), "a");  // The very moment counts.
  EXPECT_EQ(expired(9), "abc");
  EXPECT_EQ(expired(9, 2), "ab");
  Mutation keep = Patch("a", {});
  keep.patch.set_expiry = true;
  Mutation touch = Patch("b", {{"x", true}});  // Keeps its expiry.
  ASSERT_OK(Apply(store(), {keep, touch, at("c", 1), Delete("d")}));
  EXPECT_EQ(expired(9), "cb");
  EXPECT_EQ(Get("a").expires, std::nullopt);
  EXPECT_EQ(Get("b").expires, start + absl::Seconds(2));
  ASSERT_OK(Apply(store(), {Put("c", 1), Delete("b")}));
  EXPECT_EQ(expired(9), "");
}

TEST_F(ConditionalWriteTest, ATimeToLiveCountsFromTheWrite) {
  Mutation put = Put("a", 1);
  put.ttl = absl::Minutes(5);
  ASSERT_OK(Apply(store(), {put}));
  const Item item = Get("a");
  EXPECT_EQ(item.expires, item.updated + absl::Minutes(5));
}

TEST_F(ConditionalWriteTest, GetManyAnswersInTheOrderOfTheIds) {
  ASSERT_OK(Apply(store(), {Put("a", 1), Put("b", 2)}));
  ASSERT_OK_AND_ASSIGN(const auto items,
                       store().GetMany({"b", "none", "a", "b"}, {}));
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[0]->id, "b");
  EXPECT_FALSE(items[1].has_value());
  EXPECT_EQ(items[2]->id, "a");
  EXPECT_EQ(items[3]->op_id, 2U);
}

}  // namespace
}  // namespace likeness
