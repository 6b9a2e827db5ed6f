#include "indexer/reembed.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "indexer/change_model.h"
#include "indexer/unembedded.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/indexer/flat_picture.h"
#include "tests/unit/indexer/picture_collection.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::FlatJpeg;
using ::likeness::testing::HasReason;
using ::likeness::testing::IsOk;
using ::likeness::testing::PictureCollection;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class ReembedTest : public PictureCollection {
 protected:
  static constexpr int kPictures = 12;

  void SetUp() override {
    PictureCollection::SetUp();
    for (int i = 0; i < kPictures; ++i) IndexPicture(i);
  }
};

TEST_F(ReembedTest, EveryPictureGetsTheVectorsThatTheNewModelMakesOfIt) {
  Mutation patch;
  patch.kind = Mutation::Kind::kPatch;
  patch.item.id = Id(3);
  patch.patch.set["price"] = int64_t{12};
  patch.patch.set_expiry = true;
  patch.item.expires = absl::FromUnixSeconds(4'000'000'000);
  ASSERT_OK(Named()->ApplyAtomically({patch}));
  const Generations both = Begin();
  const ReembedResult result = Run(both, new_model_);
  ASSERT_THAT(result.status, IsOk());
  EXPECT_EQ(result.counts.operations, uint64_t{kPictures} + 1);
  EXPECT_EQ(result.counts.embedded, uint64_t{kPictures});
  EXPECT_EQ(result.counts.superseded, 1U);
  EXPECT_EQ(both.other->last_op_id(), both.current->last_op_id());
  for (int i = 0; i < kPictures; ++i) {
    ASSERT_OK_AND_ASSIGN(Item before, both.current->Get(Id(i), {true}));
    ASSERT_OK_AND_ASSIGN(const Item after, both.other->Get(Id(i), {true}));
    EXPECT_EQ(after.model_id, new_model_.model().id);
    EXPECT_FALSE(after.thumbnail_jpeg.empty());
    EXPECT_EQ(after.thumbnail_jpeg, before.thumbnail_jpeg);
    EXPECT_EQ(after.metadata, before.metadata);
    EXPECT_EQ(after.expires, before.expires);
    EXPECT_EQ(after.picture, before.picture);
    EXPECT_EQ(after.hash, before.hash);
    EXPECT_EQ(after.op_id, before.op_id);
    EXPECT_EQ(after.created, before.created);
    EXPECT_EQ(after.updated, before.updated);
    ASSERT_OK_AND_ASSIGN(const ItemVectors vectors,
                         both.other->GetVectors(Id(i)));
    ExpectNear(vectors, VectorsOf(i, new_model_));
  }
}

TEST_F(ReembedTest, WhatCantBeEmbeddedIsKeptAndSaysWhy) {
  ASSERT_OK(WriteFileDurably(Path(0), FlatJpeg(99)));
  std::filesystem::remove(Path(1));
  PutVectors("vectors", old_model_);
  PutPicture("homeless", 5, "");
  PutPicture("elsewhere", 6, "https://example.org/6.jpg");
  const Generations both = Begin();
  const ReembedResult result = Run(both, new_model_);
  ASSERT_THAT(result.status, IsOk());
  EXPECT_EQ(result.counts.embedded, uint64_t{kPictures} - 2);
  EXPECT_EQ(result.counts.unembedded, 5U);
  EXPECT_THAT(result.counts.unembedded_by_reason,
              UnorderedElementsAre(
                  Pair(kReasonPictureChanged, 1), Pair("NOT_FOUND", 2),
                  Pair(kReasonNoPicture, 1), Pair(kReasonNoSource, 1)));
  EXPECT_EQ(both.other->size(), both.current->size());
  std::vector<std::string> ids;
  ASSERT_OK(ForEachUnembedded(*both.other, [&](const Item& item) {
    ids.push_back(item.id);
    return absl::OkStatus();
  }));
  EXPECT_THAT(ids, UnorderedElementsAre(Id(0), Id(1), "vectors", "homeless",
                                        "elsewhere"));
  ASSERT_OK_AND_ASSIGN(const Item changed, both.other->Get(Id(0), {}));
  EXPECT_THAT(changed.unembedded->message, ::testing::HasSubstr(Path(0)));
  EXPECT_EQ(changed.model_id, old_model_.model().id);
  // The switch wants to hear their number.
  for (const uint64_t named : {0U, 4U}) {
    const auto refused =
        SwitchGeneration(*set_, "c", SwitchStep::kSwitch, named);
    EXPECT_THAT(refused, HasReason(kReasonItemsUnembedded));
    EXPECT_THAT(refused, Fails(absl::StatusCode::kFailedPrecondition, "5"));
  }
  EXPECT_OK(SwitchGeneration(*set_, "c", SwitchStep::kSwitch, 5));
  EXPECT_EQ(Named()->stats().unembedded_items, 5U);
}

TEST_F(ReembedTest, WhatCouldNotBeReadIsTriedAgainWhenThatIsAskedFor) {
  const std::string away = absl::StrCat(Path(1), ".away");
  std::filesystem::rename(Path(1), away);
  PutVectors("vectors", old_model_);
  const Generations both = Begin();
  ASSERT_THAT(Run(both, new_model_).status, IsOk());
  EXPECT_EQ(both.other->stats().unembedded_items, 2U);
  std::filesystem::rename(away, Path(1));
  EXPECT_EQ(Run(both, new_model_).counts.operations, 0U);
  ASSERT_OK_AND_ASSIGN(const uint64_t renewed,
                       RenewUnembedded(*both.current, *both.other));
  EXPECT_EQ(renewed, 1U);
  const ReembedResult again = Run(both, new_model_);
  EXPECT_EQ(again.counts.embedded, 1U);
  EXPECT_EQ(both.other->stats().unembedded_items, 1U);
  ASSERT_OK_AND_ASSIGN(const Item item, both.other->Get(Id(1), {}));
  EXPECT_FALSE(item.unembedded.has_value());
}

TEST_F(ReembedTest, RelativeSourcesAreFoundUnderTheRoot) {
  PutPicture("relative", 40, "p/40.jpg");
  ASSERT_OK(WriteFileDurably(Path(40), FlatJpeg(40)));
  const Generations both = Begin();
  ReembedOptions options;
  options.root = pictures_.path();
  ASSERT_THAT(Run(both, new_model_, options).status, IsOk());
  EXPECT_EQ(both.other->stats().unembedded_items, 0U);
}

TEST_F(ReembedTest, WhatIsWrittenMeanwhileIsTakenAlong) {
  const Generations both = Begin();
  ASSERT_THAT(Run(both, new_model_).status, IsOk());
  const uint64_t embedded = new_model_.pictures();
  Patch(Id(2), "colour", "red");
  ASSERT_OK(Named()->Delete({Id(4)}));
  IndexPicture(kPictures);
  const ReembedResult result = Run(both, new_model_);
  ASSERT_THAT(result.status, IsOk());
  EXPECT_EQ(result.counts.reused, 1U);
  EXPECT_EQ(result.counts.deleted, 1U);
  EXPECT_EQ(result.counts.embedded, 1U);
  // A change of metadata alone costs no second embedding.
  EXPECT_EQ(new_model_.pictures(), embedded + 1);
  ASSERT_OK_AND_ASSIGN(const Item patched, both.other->Get(Id(2), {}));
  EXPECT_EQ(patched.metadata.at("colour"), MetadataValue("red"));
  EXPECT_EQ(both.other->size(), both.current->size());
}

TEST_F(ReembedTest, TheWayBackLosesNothingThatWasWrittenSinceTheSwitch) {
  PutVectors("vectors", old_model_);
  ASSERT_OK_AND_ASSIGN(const ItemWithVectors several,
                       Named()->GetWithVectors("vectors", {}));
  {
    const Generations both = Begin();
    ASSERT_THAT(Run(both, new_model_).status, IsOk());
    ASSERT_OK(SwitchGeneration(*set_, "c", SwitchStep::kSwitch, 1));
  }
  // The picture of one that only its metadata changed of is gone by now.
  std::filesystem::remove(Path(2));
  Patch(Id(2), "colour", "red");
  Patch("vectors", "colour", "blue");
  ASSERT_OK(Named()->Delete({Id(4)}));
  PutPicture("new", 30, Path(30), new_model_);
  ASSERT_OK(WriteFileDurably(Path(30), FlatJpeg(30)));
  ASSERT_OK_AND_ASSIGN(const Generations both, set_->GetGenerations("c"));
  EXPECT_THAT(SwitchGeneration(*set_, "c", SwitchStep::kSwitch, 0),
              HasReason(kReasonWrongStep));
  EXPECT_THAT(SwitchGeneration(*set_, "c", SwitchStep::kRollback, 0),
              HasReason(kReasonNotCaughtUp));
  EXPECT_THAT(Run(both, new_model_).status, HasReason(kReasonModelMismatch));
  const ReembedResult back = Run(both, old_model_);
  ASSERT_THAT(back.status, IsOk());
  EXPECT_EQ(back.counts.reused, 2U);
  EXPECT_EQ(back.counts.embedded, 1U);
  ASSERT_OK(SwitchGeneration(*set_, "c", SwitchStep::kRollback, 0));
  EXPECT_EQ(Named()->spec().model_id, old_model_.model().id);
  EXPECT_EQ(Named()->stats().unembedded_items, 0U);
  ASSERT_OK_AND_ASSIGN(const Item item, Named()->Get("vectors", {}));
  EXPECT_EQ(item.metadata.at("colour"), MetadataValue("blue"));
  EXPECT_EQ(item.model_id, old_model_.model().id);
  ASSERT_OK_AND_ASSIGN(const ItemVectors all,
                       both.other->GetVectors("vectors"));
  EXPECT_EQ(all, several.vectors);
  ASSERT_OK_AND_ASSIGN(const ItemVectors vectors,
                       both.other->GetVectors("new"));
  ExpectNear(vectors, VectorsOf(30, old_model_));
  EXPECT_THAT(Named()->Get(Id(4), {}),
              testing::HasCode(absl::StatusCode::kNotFound));
}

TEST_F(ReembedTest, ACutOffJobGoesOnWhereItStopped) {
  for (int cut = 1; cut < kPictures; cut += 4) {
    SCOPED_TRACE(absl::StrCat("cut off after write ", cut));
    Generations both = Begin();
    ReembedOptions options;
    options.batch = 1;
    CancelToken cancel;
    testing::CancelAfter observer(cut, cancel);
    const ReembedResult cut_off = Reembed(
        *both.current, *both.other, new_model_, options, cancel, observer);
    EXPECT_TRUE(absl::IsCancelled(cut_off.status));
    EXPECT_EQ(both.other->last_op_id(), static_cast<uint64_t>(cut));
    both = {};
    Reopen();
    ASSERT_OK_AND_ASSIGN(both, set_->GetGenerations("c"));
    const ReembedResult rest = Run(both, new_model_);
    EXPECT_EQ(rest.counts.embedded, static_cast<uint64_t>(kPictures - cut));
    EXPECT_EQ(both.other->size(), uint64_t{kPictures});
    ASSERT_OK(EndModelChange(*set_, "c", EndStep::kCancel));
  }
}

TEST_F(ReembedTest, AModelThatFailsEndsTheJobAndBlamesNoItem) {
  const Generations both = Begin();
  new_model_.FailAfter(5);
  ReembedOptions options;
  options.batch = 2;
  const ReembedResult result = Run(both, new_model_, options);
  EXPECT_THAT(result.status, Fails(absl::StatusCode::kInternal, "broken"));
  EXPECT_EQ(both.other->stats().unembedded_items, 0U);
  EXPECT_LE(both.other->last_op_id(), 4U);
}

TEST_F(ReembedTest, StepsOutOfTurnAreRefused) {
  EXPECT_THAT(OpenModelChange(*set_, "c", old_model_.model()),
              HasReason(kReasonSameModel));
  EXPECT_THAT(SwitchGeneration(*set_, "c", SwitchStep::kSwitch, 0),
              HasReason(kReasonNoModelChange));
  const Generations both = Begin();
  const testing::CountingEmbedder third(std::string(64, '3'));
  EXPECT_THAT(OpenModelChange(*set_, "c", third.model()),
              HasReason(kReasonModelMismatch));
  EXPECT_THAT(SwitchGeneration(*set_, "c", SwitchStep::kRollback, 0),
              HasReason(kReasonWrongStep));
  EXPECT_THAT(EndModelChange(*set_, "c", EndStep::kFinish),
              HasReason(kReasonWrongStep));
  ASSERT_THAT(Run(both, new_model_).status, IsOk());
  ASSERT_OK(SwitchGeneration(*set_, "c", SwitchStep::kSwitch, 0));
  EXPECT_THAT(EndModelChange(*set_, "c", EndStep::kCancel),
              HasReason(kReasonWrongStep));
  EXPECT_OK(EndModelChange(*set_, "c", EndStep::kFinish));
  EXPECT_EQ(Named()->spec().model_id, new_model_.model().id);
  EXPECT_EQ(Named()->size(), uint64_t{kPictures});
}

}  // namespace
}  // namespace likeness
