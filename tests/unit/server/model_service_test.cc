// A collection whose model is changed while it is served.
#include "server/model_service.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/store/database.h"
#include "gtest/gtest.h"
#include "indexer/change_model.h"
#include "server/reasons.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/fakes/turned_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/server/served_model_change.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::HasReason;
using testing::PictureSearch;

using testing::FakeEmbedder;
using testing::TurnedEmbedder;

using ModelServiceTest = testing::ServedModelChange;

class BrokenEmbedder final : public TurnedEmbedder {
 public:
  BrokenEmbedder(std::string id, std::shared_ptr<std::atomic<bool>> broken)
      : TurnedEmbedder(std::move(id)), broken_(std::move(broken)) {}

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    if (*broken_) return absl::InternalError("the model is broken");
    return TurnedEmbedder::Embed(batch);
  }

 private:
  const std::shared_ptr<std::atomic<bool>> broken_;
};

TEST_F(ModelServiceTest, ThereAndBackWithoutARestart) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange begun, Start());
  EXPECT_EQ(begun.collection(), "c");
  EXPECT_EQ(begun.current().model_id(), old_id_);
  EXPECT_EQ(begun.other().model_id(), next_id_);
  EXPECT_FALSE(begun.switched());
  ExpectFindsAll(old_id_);
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange there, Switch());
  EXPECT_TRUE(there.switched());
  EXPECT_EQ(there.current().model_id(), next_id_);
  EXPECT_EQ(there.current().unembedded_count(), 0);
  EXPECT_EQ(Described().model_id(), next_id_);
  ExpectFindsAll(next_id_);
  ASSERT_OK(client().Call(UpsertOf("new", 3)));
  EXPECT_EQ(Described().last_op_id(), uint64_t{kPictures} + 1);
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange back, RollBack());
  EXPECT_EQ(back.current().model_id(), old_id_);
  EXPECT_EQ(back.current().item_count(), kPictures + 1);
  v1::DeleteItemRequest drop;
  drop.set_collection("c");
  drop.set_id("new");
  ASSERT_OK(client().Call(drop));
  ExpectFindsAll(old_id_);
  EXPECT_OK(Switch());
  EXPECT_OK(Finish());
  ExpectFindsAll(next_id_);
  EXPECT_THAT(State(), HasReason(kReasonNoModelChange));
}

TEST_F(ModelServiceTest, TheOtherGenerationFollowsByItself) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK(Start());
  const v1::ModelChange all = AwaitCaughtUp();
  EXPECT_EQ(all.other().last_op_id(), uint64_t{kPictures});
  EXPECT_EQ(all.progress().operations(), kPictures);
  EXPECT_EQ(all.progress().embedded(), kPictures);
  EXPECT_GT(all.progress().operations_per_second(), 0);
  EXPECT_TRUE(all.progress().has_work_time());
  EXPECT_EQ(all.progress().time_left().seconds(), 0);
  EXPECT_EQ(all.error(), "");
  // What is written from then on as well, before and after the switch.
  ASSERT_OK(client().Call(UpsertOf("1", 2)));
  EXPECT_EQ(AwaitCaughtUp().progress().embedded(), kPictures + 1);
  ASSERT_OK(Switch());
  ASSERT_OK(client().Call(UpsertOf("1", 1)));
  const v1::ModelChange after = AwaitCaughtUp();
  EXPECT_EQ(after.other().model_id(), old_id_);
  EXPECT_EQ(after.other().last_op_id(), uint64_t{kPictures} + 2);
}

TEST_F(ModelServiceTest, ItemsThatCantBeEmbeddedAreListedAndAskedAbout) {
  Serve(/*with_next=*/true);
  Fill();
  for (const int gone : {2, 5, 6}) std::filesystem::remove(Path(gone));
  ASSERT_OK(Start());
  AwaitCaughtUp();
  EXPECT_THAT(Switch(), HasReason(kReasonItemsUnembedded));
  EXPECT_THAT(Switch(2), HasReason(kReasonItemsUnembedded));
  ASSERT_OK_AND_ASSIGN(const auto first, ListUnembedded(2));
  ASSERT_EQ(first.items_size(), 2);
  EXPECT_EQ(first.items(0).id(), "2");
  EXPECT_EQ(first.items(0).reason(), "NOT_FOUND");
  EXPECT_EQ(first.items(0).source(), "2.jpg");
  EXPECT_NE(first.items(0).message(), "");
  ASSERT_OK_AND_ASSIGN(const auto second,
                       ListUnembedded(2, first.next_page_token()));
  ASSERT_EQ(second.items_size(), 1);
  EXPECT_EQ(second.items(0).id(), "6");
  EXPECT_EQ(second.next_page_token(), "");
  // One comes back and is tried again.
  ASSERT_OK(WriteFileDurably(Path(5), Picture(5)));
  ASSERT_OK(Start(/*retry=*/true));
  AwaitCaughtUp();
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange there, Switch(2));
  EXPECT_EQ(there.current().unembedded_count(), 2);
  EXPECT_EQ(there.current().item_count(), kPictures);
  // They are listed until they have a picture again.
  ASSERT_OK_AND_ASSIGN(const auto left, ListUnembedded());
  EXPECT_EQ(left.items_size(), 2);
  ASSERT_OK(client().Call(UpsertOf("2", 2)));
  ASSERT_OK(client().Call(UpsertOf("6", 6)));
  ExpectFindsAll(next_id_);
  ASSERT_OK_AND_ASSIGN(const auto none, ListUnembedded());
  EXPECT_EQ(none.items_size(), 0);
}

TEST_F(ModelServiceTest, ComparesBothGenerations) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK(Start());
  AwaitCaughtUp();
  v1::CompareModelsRequest compare;
  compare.set_collection("c");
  compare.set_k(3);
  compare.set_worst(1);
  ASSERT_OK_AND_ASSIGN(const auto compared, client().Call(compare));
  ASSERT_EQ(compared.spaces_size(), 2);
  // The other model's vectors are the one's, turned around: as alike.
  EXPECT_EQ(compared.spaces(0).queries(), kPictures);
  EXPECT_EQ(compared.spaces(0).mean(), 1);
  ASSERT_EQ(compared.spaces(0).worst_size(), 1);
  EXPECT_EQ(compared.spaces(0).worst(0).current_ids_size(), 3);
  compare.set_k(1001);
  EXPECT_THAT(client().Call(compare), BlamesField("k"));
}

TEST_F(ModelServiceTest, AChangeGoesOnAfterARestartAndNeedsItsModel) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK(Start());
  Serve(/*with_next=*/false);
  EXPECT_THAT(Start(), HasReason(kReasonModelMismatch));
  ExpectFindsAll(old_id_);
  ASSERT_OK(client().Call(UpsertOf("late", 3)));
  EXPECT_THAT(Switch(), HasReason(kReasonModelMismatch));
  v1::ModelChange stalled;
  do {
    ASSERT_OK_AND_ASSIGN(stalled, State());
  } while (stalled.error().empty());
  EXPECT_EQ(stalled.error_reason(), kReasonModelMismatch);
  Serve(/*with_next=*/true);
  EXPECT_EQ(AwaitCaughtUp().error(), "");
  EXPECT_OK(Switch());
  ASSERT_OK_AND_ASSIGN(const auto found,
                       client().Call(PictureSearch("c", Picture(3), 2)));
  EXPECT_EQ(found.hits_size(), 2);
  EXPECT_NEAR(found.hits(1).similarity(), 1, 1e-4);
  // The server's own model has nothing to say about the collection any more.
  Serve(/*with_next=*/false);
  EXPECT_THAT(client().Call(PictureSearch("c", Picture(3), 2)),
              HasReason(kReasonModelMismatch));
  EXPECT_OK(Finish());
}

TEST_F(ModelServiceTest, AFaultThatWasMendedIsForgottenByWhoStartsAgain) {
  auto broken = std::make_shared<std::atomic<bool>>(true);
  Serve(std::make_unique<FakeEmbedder>(old_id_),
        std::make_unique<TurnedEmbedder>(next_id_),
        std::make_unique<BrokenEmbedder>(next_id_, broken));
  Fill();
  ASSERT_OK(Start());
  v1::ModelChange stalled;
  do {
    ASSERT_OK_AND_ASSIGN(stalled, State());
  } while (stalled.error().empty());
  EXPECT_EQ(stalled.operations_left(), kPictures);
  *broken = false;
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange again, Start());
  EXPECT_EQ(again.error(), "");
  EXPECT_EQ(AwaitCaughtUp().error(), "");
}

TEST_F(ModelServiceTest, PicturesAreComparedByTheModelOfACollection) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK(Start());
  v1::CompareRequest request;
  request.set_picture_a(Picture(1));
  request.set_picture_b(Picture(2));
  ASSERT_OK(Switch());
  ASSERT_OK_AND_ASSIGN(const auto own, client().Call(request));
  EXPECT_EQ(own.model_id(), old_id_);
  request.set_collection("c");
  ASSERT_OK_AND_ASSIGN(const auto of_collection, client().Call(request));
  EXPECT_EQ(of_collection.model_id(), next_id_);
  request.set_collection("d");
  EXPECT_THAT(client().Call(request), BlamesField("collection"));
}

TEST_F(ModelServiceTest, APageOfTheModelBeforeIsNotContinued) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK(Start());
  v1::SearchRequest search = PictureSearch("c", Picture(1), 3);
  search.set_paged(true);
  ASSERT_OK_AND_ASSIGN(const auto page, client().Call(search));
  search.set_page_token(page.next_page_token());
  EXPECT_OK(client().Call(search));
  ASSERT_OK(Switch());
  EXPECT_THAT(client().Call(search), BlamesField("page_token"));
}

TEST_F(ModelServiceTest, StepsThatCantBeTakenSayWhy) {
  Serve(/*with_next=*/true);
  EXPECT_THAT(Start(), HasReason(kReasonCollectionNotFound));
  EXPECT_THAT(State(), BlamesField("collection"));
  Fill();
  EXPECT_THAT(State(), HasReason(kReasonNoModelChange));
  EXPECT_THAT(Switch(), HasReason(kReasonNoModelChange));
  EXPECT_THAT(Finish(), HasReason(kReasonNoModelChange));
  ASSERT_OK(Start());
  EXPECT_OK(Start());
  EXPECT_THAT(Switch(-1), BlamesField("unembedded_count"));
  EXPECT_THAT(RollBack(), HasReason(kReasonWrongStep));
  EXPECT_THAT(Finish(), HasReason(kReasonWrongStep));
  EXPECT_THAT(ListUnembedded(1001), BlamesField("page_size"));
  EXPECT_THAT(ListUnembedded(0, "x"), BlamesField("page_token"));
  EXPECT_OK(Switch());
  EXPECT_THAT(Start(), HasReason(kReasonSameModel));
  EXPECT_THAT(Cancel(), HasReason(kReasonWrongStep));
  EXPECT_OK(RollBack());
  EXPECT_OK(Cancel());
  EXPECT_EQ(Described().model_id(), old_id_);
  ExpectFindsAll(old_id_);
}

TEST_F(ModelServiceTest, ADroppedCollectionTakesItsChangeAlong) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK(Start());
  AwaitCaughtUp();
  v1::DeleteCollectionRequest drop;
  drop.set_name("c");
  ASSERT_OK(client().Call(drop));
  EXPECT_THAT(State(), HasReason(kReasonCollectionNotFound));
  Fill();
  EXPECT_THAT(State(), HasReason(kReasonNoModelChange));
  ASSERT_OK(Start());
  AwaitCaughtUp();
  EXPECT_OK(Switch());
  ExpectFindsAll(next_id_);
}

}  // namespace
}  // namespace likeness
