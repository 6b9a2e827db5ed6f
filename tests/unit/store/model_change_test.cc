// A collection with two generations, while its model is being changed.
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/store/two_generations.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::CatchUp;
using ::likeness::testing::Delete;
using ::likeness::testing::ExpectSameItems;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::kNewModel;
using ::likeness::testing::ModelOf;
using ::likeness::testing::NewSpec;
using ::likeness::testing::Patch;
using ::likeness::testing::ProblemsIn;
using ::likeness::testing::StoreSpec;
using ::likeness::testing::UnitPut;
using ::likeness::testing::WithVectors;

class ModelChangeTest : public testing::TwoGenerations {};

TEST_F(ModelChangeTest, AnItemKeepsAllThatItHas) {
  Mutation put = UnitPut("x");
  put.item.expires = absl::FromUnixSeconds(4'000'000'000);
  put.item.source = "somewhere";
  put.item.thumbnail_jpeg = "jpeg";
  ASSERT_OK(Apply(*from_, {UnitPut("y"), UnitPut("x")}));
  ASSERT_OK(Apply(*from_, {put}));
  CatchUp(*from_, *to_, 10);
  ExpectSameItems(*from_, *to_);
  ASSERT_OK_AND_ASSIGN(
      const auto expired,
      to_->ListExpired(absl::FromUnixSeconds(4'000'000'000), 5));
  ASSERT_EQ(expired.size(), 1U);
  EXPECT_EQ(expired[0].op_id, 3U);
}

// What was superseded before it was come to leaves its number alone; what was
// repeated before it was superseded is replaced.
TEST_F(ModelChangeTest, SupersededOperationsLeaveNoGap) {
  ASSERT_OK(Apply(*from_, {UnitPut("a"), UnitPut("b")}));
  CatchUp(*from_, *to_, 10);
  ASSERT_OK(Apply(*from_, {UnitPut("a"), UnitPut("c"), Delete("c"), Delete("b"),
                           UnitPut("a")}));
  ASSERT_OK_AND_ASSIGN(const auto operations, from_->ListOperations(2, 10));
  std::vector<Operation::Kind> kinds;
  for (const Operation& operation : operations) kinds.push_back(operation.kind);
  using Kind = Operation::Kind;
  EXPECT_EQ(kinds,
            (std::vector<Kind>{Kind::kSuperseded, Kind::kSuperseded,
                               Kind::kDelete, Kind::kDelete, Kind::kPut}));
  CatchUp(*from_, *to_, 10);
  ExpectSameItems(*from_, *to_);
  ASSERT_OK_AND_ASSIGN(const auto replaced, to_->ListReplaced(0));
  EXPECT_EQ(replaced, (std::vector<uint64_t>{2, 1}));
  Close();
  EXPECT_EQ(ProblemsIn(dir_.path()), "");
}

TEST_F(ModelChangeTest, OnlyTheNextOperationsCanBeRepeatedAndOnlyThere) {
  ASSERT_OK(Apply(*from_, {UnitPut("a"), UnitPut("b")}));
  ASSERT_OK_AND_ASSIGN(auto second, from_->ListOperations(1, 10));
  EXPECT_THAT(to_->Follow(WithVectors(second)),
              Fails(absl::StatusCode::kInvalidArgument, "operation 2"));
  EXPECT_EQ(to_->last_op_id(), 0U);
  ASSERT_OK_AND_ASSIGN(auto both, from_->ListOperations(0, 10));
  both[1].item.op_id = 7;
  EXPECT_THAT(to_->Follow(WithVectors(both)),
              HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(to_->last_op_id(), 0U);
  EXPECT_THAT(from_->Follow({}),
              HasCode(absl::StatusCode::kFailedPrecondition));
  const auto refused = Apply(*to_, {UnitPut("c")});
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kAborted));
  EXPECT_THAT(refused, HasReason(kReasonModelChanged));
}

TEST_F(ModelChangeTest, ItemsWithoutVectorsAreCountedWhateverBecomesOfThem) {
  ASSERT_OK(Apply(*from_, {UnitPut("a"), UnitPut("b"), UnitPut("c")}));
  ASSERT_OK_AND_ASSIGN(auto operations, from_->ListOperations(0, 10));
  operations = WithVectors(std::move(operations));
  for (size_t i = 0; i < 2; ++i) {
    operations[i].vectors = {};
    operations[i].item.model_id = "";
    operations[i].item.unembedded = {"NOT_FOUND", "it is \xff gone"};
  }
  ASSERT_OK(to_->Follow(operations));
  EXPECT_EQ(to_->unembedded(), 2U);
  Reopen();
  EXPECT_EQ(to_->unembedded(), 2U);
  ASSERT_OK_AND_ASSIGN(const Item item, to_->Get("a", {}));
  EXPECT_EQ(item.unembedded, operations[0].item.unembedded);
  ASSERT_OK_AND_ASSIGN(const ItemVectors none, to_->GetVectors("a"));
  EXPECT_EQ(none, ItemVectors());
  Switch();
  // A change of metadata keeps it so, a new put and a delete do not.
  ASSERT_OK(Apply(*from_, {Patch("a", {{"colour", "red"}})}));
  EXPECT_EQ(from_->unembedded(), 2U);
  ASSERT_OK(Apply(*from_, {Delete("b")}));
  EXPECT_EQ(from_->unembedded(), 1U);
  Close();
  EXPECT_EQ(ProblemsIn(dir_.path()), "");
  Reopen();
  ASSERT_OK(Apply(*from_, {UnitPut("a")}));
  EXPECT_EQ(from_->unembedded(), 0U);
}

TEST_F(ModelChangeTest, TheNameGoesOverWithAllOperationsOrNotAtAll) {
  ASSERT_OK(Apply(*from_, {UnitPut("a"), UnitPut("b")}));
  const auto early = database_->SwitchModel("a");
  EXPECT_THAT(early, HasReason(kReasonNotCaughtUp));
  EXPECT_THAT(early, Fails(absl::StatusCode::kFailedPrecondition, "to 0"));
  CatchUp(*from_, *to_, 10);
  Switch();
  EXPECT_EQ(ModelOf(*database_), kNewModel);
  EXPECT_TRUE(database_->FindModelChange("a")->switched);
  EXPECT_THAT(Apply(*to_, {UnitPut("c")}), HasReason(kReasonModelChanged));
  ASSERT_OK(Apply(*from_, {UnitPut("c")}));
  EXPECT_EQ(from_->last_op_id(), 3U);
  Reopen();
  EXPECT_EQ(ModelOf(*database_), kNewModel);
  // And back, with what was written since.
  EXPECT_THAT(database_->SwitchModel("a"), HasReason(kReasonNotCaughtUp));
  CatchUp(*from_, *to_, 10);
  Switch();
  EXPECT_EQ(ModelOf(*database_), "");
  EXPECT_FALSE(database_->FindModelChange("a")->switched);
  EXPECT_EQ(from_->size(), 3U);
}

TEST_F(ModelChangeTest, ARequestThatIsSentAgainAfterTheSwitchIsKnown) {
  const auto put_c = [] {
    return std::vector<AtomicWrite>{{{UnitPut("c")}, "request"}};
  };
  ASSERT_OK(Apply(*from_, {UnitPut("a")}));
  ASSERT_OK_AND_ASSIGN(const Committed first, from_->Apply(put_c()));
  ASSERT_OK(from_->Apply({{{UnitPut("b")}, "other"}}));
  CatchUp(*from_, *to_, 10);
  Switch();
  for (int start = 0; start < 2; ++start) {
    ASSERT_OK_AND_ASSIGN(const Committed again, from_->Apply(put_c()));
    EXPECT_EQ(again.results[0]->front().op_id, first.results[0]->front().op_id);
    EXPECT_EQ(from_->last_op_id(), 3U);
    Reopen();
  }
  ASSERT_OK(from_->Apply({{{UnitPut("d")}, "third"}}));
  Close();
  EXPECT_EQ(ProblemsIn(dir_.path()), "");
}

TEST_F(ModelChangeTest, TheOtherGenerationLeavesNothingBehind) {
  ASSERT_OK(Apply(*from_, {UnitPut("a")}));
  CatchUp(*from_, *to_, 10);
  Switch();
  ASSERT_OK(database_->EndModelChange("a"));
  EXPECT_THAT(to_->Follow({}), HasReason(kReasonCollectionDeleted));
  EXPECT_FALSE(database_->FindModelChange("a").has_value());
  for (const auto& status :
       {database_->SwitchModel("a"), database_->EndModelChange("a"),
        database_->OpenOtherStore("a").status()}) {
    EXPECT_THAT(status, HasReason(kReasonNoModelChange));
  }
  EXPECT_THAT(database_->SwitchModel("b"),
              HasCode(absl::StatusCode::kNotFound));
  Close();
  EXPECT_EQ(ProblemsIn(dir_.path()), "");
  Reopen();
  EXPECT_EQ(ModelOf(*database_), kNewModel);
  EXPECT_EQ(from_->size(), 1U);
  // The next change starts from nothing, and from the first operation.
  ASSERT_OK(database_->BeginModelChange(StoreSpec("a")));
  ASSERT_OK_AND_ASSIGN(to_, database_->OpenOtherStore("a"));
  EXPECT_EQ(to_->last_op_id(), 0U);
  EXPECT_THAT(database_->BeginModelChange(NewSpec()),
              HasCode(absl::StatusCode::kAlreadyExists));
}

TEST_F(ModelChangeTest, ADroppedCollectionTakesBothGenerationsWithIt) {
  ASSERT_OK(Apply(*from_, {UnitPut("a")}));
  CatchUp(*from_, *to_, 10);
  ASSERT_OK(database_->DropCollection("a"));
  EXPECT_THAT(to_->Follow({}), HasReason(kReasonCollectionDeleted));
  EXPECT_THAT(Apply(*from_, {UnitPut("b")}),
              HasReason(kReasonCollectionDeleted));
  Close();
  EXPECT_EQ(ProblemsIn(dir_.path()), "");
}

}  // namespace
}  // namespace likeness
