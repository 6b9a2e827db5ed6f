#include "engine/store/metadata_store.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::BlamesField;
using ::likeness::testing::Delete;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::Put;
using ::likeness::testing::ScanAll;

class MetadataStoreTest : public testing::StoreTest {};

TEST_F(MetadataStoreTest, SaysWhatEachOperationReplaced) {
  std::vector<AtomicWrite> writes(1);
  writes[0].mutations = {Put("a", 1), Put("b", 2), Put("a", 3),
                         Delete("b"), Delete("b"), Put("b", 4)};
  ASSERT_OK_AND_ASSIGN(const Committed committed, store().Apply(writes));
  ASSERT_OK(committed.results[0]);
  const std::vector<Outcome>& outcomes = *committed.results[0];
  ASSERT_EQ(outcomes.size(), 6U);
  EXPECT_EQ(outcomes[4].change, Outcome::Change::kAbsent);
  EXPECT_EQ(outcomes[4].op_id, 0U);
  EXPECT_EQ(outcomes[5].op_id, 5U);
  const std::vector<std::optional<uint64_t>> replaced = {
      std::nullopt, std::nullopt, 1, 2, std::nullopt};
  ASSERT_EQ(committed.applied.size(), replaced.size());
  for (size_t i = 0; i < replaced.size(); ++i) {
    EXPECT_EQ(committed.applied[i].op_id, i + 1);
    EXPECT_EQ(committed.applied[i].replaced_op_id, replaced[i]);
  }
  writes[0].mutations = {Put("a", 5)};
  ASSERT_OK_AND_ASSIGN(const Committed next, store().Apply(writes));
  EXPECT_EQ(next.applied[0].op_id, 6U);
  EXPECT_EQ(next.applied[0].replaced_op_id, 3U);
  EXPECT_EQ(store().last_op_id(), 6U);
  EXPECT_EQ(store().size(), 2U);
}

TEST_F(MetadataStoreTest, ScansCurrentVersionsInTheOrderOfOperations) {
  ASSERT_OK(Apply(store(), {Put("c", 1), Put("a", 2), Put("b", 3)}));
  ASSERT_OK(
      Apply(store(), {Put("c", 4), Delete("a"), Put("d", 5), Put("d", 6)}));
  const std::vector<std::pair<uint64_t, float>> expected = {
      {3, 3.0F}, {4, 4.0F}, {7, 6.0F}};
  EXPECT_EQ(ScanAll(store()), expected);
  Reopen();
  EXPECT_EQ(ScanAll(store()), expected);
  EXPECT_EQ(store().last_op_id(), 7U);
  EXPECT_EQ(store().size(), 3U);
}

TEST_F(MetadataStoreTest, TellsWhatCameAfterAnOperation) {
  ASSERT_OK(Apply(store(), {Put("a", 1), Put("b", 2), Put("c", 3)}));
  ASSERT_OK(Apply(store(), {Put("a", 4), Delete("c"), Put("d", 5)}));
  std::vector<uint64_t> rows;
  ASSERT_OK(store().ScanVectors(2, [&](uint64_t op_id, const ItemVectors&) {
    rows.push_back(op_id);
    return absl::OkStatus();
  }));
  EXPECT_EQ(rows, (std::vector<uint64_t>{4, 6}));
  ASSERT_OK_AND_ASSIGN(auto replaced, store().ListReplaced(0));
  EXPECT_EQ(replaced, (std::vector<uint64_t>{1, 3}));
  ASSERT_OK_AND_ASSIGN(replaced, store().ListReplaced(4));
  EXPECT_EQ(replaced, (std::vector<uint64_t>{3}));
  ASSERT_OK_AND_ASSIGN(replaced, store().ListReplaced(6));
  EXPECT_TRUE(replaced.empty());
}

TEST_F(MetadataStoreTest, ScanStopsAtTheVisitorsError) {
  ASSERT_OK(Apply(store(), {Put("a", 1), Put("b", 2)}));
  int calls = 0;
  EXPECT_THAT(store().ScanVectors(0,
                                  [&](uint64_t, const ItemVectors&) {
                                    ++calls;
                                    return absl::CancelledError("enough");
                                  }),
              Fails(absl::StatusCode::kCancelled, "enough"));
  EXPECT_EQ(calls, 1);
}

TEST_F(MetadataStoreTest, GetByOpsFindsOnlyCurrentVersions) {
  ASSERT_OK(Apply(store(), {Put("a", 1), Put("b", 2), Put("a", 3)}));
  ASSERT_OK(Apply(store(), {Delete("b")}));
  ASSERT_OK_AND_ASSIGN(const auto items,
                       store().GetByOps({3, 1, 2, 4, 99, 3}, {}));
  ASSERT_EQ(items.size(), 6U);
  ASSERT_TRUE(items[0].has_value());
  EXPECT_EQ(items[0]->id, "a");
  EXPECT_EQ(items[0]->op_id, 3U);
  for (const size_t gone : {1, 2, 3, 4}) EXPECT_FALSE(items[gone].has_value());
  EXPECT_EQ(items[5]->id, "a");
}

TEST_F(MetadataStoreTest, ThumbnailsComeOnlyWhenAskedFor) {
  Mutation put = Put("a", 1);
  put.item.thumbnail_jpeg = "first";
  ASSERT_OK(Apply(store(), {put, Put("b", 1)}));
  ASSERT_OK_AND_ASSIGN(auto items, store().GetByOps({1, 2}, {}));
  EXPECT_EQ(items[0]->thumbnail_jpeg, "");
  ASSERT_OK_AND_ASSIGN(items, store().GetByOps({1, 2}, {.thumbnail = true}));
  EXPECT_EQ(items[0]->thumbnail_jpeg, "first");
  EXPECT_EQ(items[1]->thumbnail_jpeg, "");
  ASSERT_OK(Apply(store(), {Put("a", 2)}));
  ASSERT_OK_AND_ASSIGN(const Item item, store().Get("a", {.thumbnail = true}));
  EXPECT_EQ(item.thumbnail_jpeg, "");
}

TEST_F(MetadataStoreTest, ASnapshotStaysAsItWas) {
  ASSERT_OK(Apply(store(), {Put("a", 1), Put("b", 2)}));
  ASSERT_OK_AND_ASSIGN(const auto before, store().Snapshot());
  ASSERT_OK(Apply(store(), {Put("a", 3), Delete("b"), Put("c", 4)}));
  ASSERT_OK(database().DropCollection("a"));
  EXPECT_EQ(before->last_op_id(), 2U);
  EXPECT_EQ(before->size(), 2U);
  ASSERT_OK_AND_ASSIGN(const auto items, before->GetByOps({1, 2}, {}));
  EXPECT_TRUE(items[0].has_value());
  EXPECT_TRUE(items[1].has_value());
  ASSERT_OK_AND_ASSIGN(const ItemVectors vectors, before->GetVectors("a"));
  EXPECT_EQ(vectors[Space::kSimilar], std::vector<float>(4, 1.0F));
  ASSERT_OK_AND_ASSIGN(const ItemPage page, before->List("", 10, {}));
  EXPECT_EQ(page.items.size(), 2U);
  EXPECT_EQ(ScanAll(*before).size(), 2U);
  EXPECT_THAT(before->Get("c", {}), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(MetadataStoreTest, ADroppedCollectionTakesNoWrites) {
  ASSERT_OK(Apply(store(), {Put("a", 1)}));
  ASSERT_OK(database().DropCollection("a"));
  EXPECT_THAT(Apply(store(), {Put("b", 1)}),
              Fails(absl::StatusCode::kFailedPrecondition, "deleted"));
}

TEST_F(MetadataStoreTest, RefusesVectorsOfTheWrongLength) {
  Mutation put = Put("a", 1);
  put.vectors[Space::kSimilar].push_back(1);
  EXPECT_THAT(Apply(store(), {Put("b", 1), put}),
              BlamesField("vectors.similar"));
  put = Put("a", 1);
  put.vectors[Space::kCopy] = {1};
  EXPECT_THAT(Apply(store(), {put}), BlamesField("vectors.copy"));
  EXPECT_EQ(store().last_op_id(), 0U);
  EXPECT_TRUE(ScanAll(store()).empty());
}

TEST_F(MetadataStoreTest, DeletingWhatIsNotThereWritesNothing) {
  ASSERT_OK_AND_ASSIGN(const auto applied, Apply(store(), {Delete("x")}));
  EXPECT_EQ(applied[0].op_id, 0U);
  EXPECT_EQ(store().last_op_id(), 0U);
}

}  // namespace
}  // namespace likeness
