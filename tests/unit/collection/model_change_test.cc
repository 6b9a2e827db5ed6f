// A collection whose model is being changed: two generations under one name.
#include <chrono>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/collection_set.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::HeldBuilds;
using ::likeness::testing::SmallSegments;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;

constexpr char kNewModel[] = "new";
constexpr int kNewDimensions = 6;

// Dimensions of the new model: the space `similar` alone.
PerSpace<int> NewDimensions() {
  PerSpace<int> dimensions;
  dimensions[Space::kSimilar] = kNewDimensions;
  return dimensions;
}

// The vector that the new model makes of item `id`.
std::vector<float> NewVector(const std::string& id) {
  std::mt19937_64 random(std::hash<std::string>()(id));
  return testing::RandomVector(kNewDimensions, random);
}

// As NewVector, but for the items whose number is a multiple of 5.
void Embed(Operation& put) {
  if (std::stoi(put.item.id) % 5 == 0) {
    put.item.unembedded = {"NOT_FOUND", "gone"};
    return;
  }
  put.vectors[Space::kSimilar] = NewVector(put.item.id);
  put.item.model_id = kNewModel;
}

void CatchUp(const Generations& generations) {
  while (true) {
    ASSERT_OK_AND_ASSIGN(std::vector<Operation> operations,
                         generations.current->ListOperations(
                             generations.other->last_op_id(), 64));
    if (operations.empty()) return;
    for (Operation& operation : operations) {
      if (operation.kind == Operation::Kind::kPut) Embed(operation);
    }
    ASSERT_OK(generations.other->Follow(std::move(operations)));
  }
}

class ModelChangeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Reopen();
    ASSERT_OK(set_->Create(TestSpec()));
  }

  void Reopen(const SegmentOptions& options = SmallSegments(40, 100)) {
    set_.reset();
    ASSERT_OK_AND_ASSIGN(set_, CollectionSet::Open(dir_.path(), true, options));
  }

  std::shared_ptr<Collection> Named() { return *set_->Get("test"); }

  void Fill(int count) {
    std::vector<Mutation> puts;
    for (int i = 0; i < count; ++i) {
      puts.push_back(VersionedPut(absl::StrCat(i), 1));
    }
    ASSERT_OK(Named()->Upsert(std::move(puts)));
  }

  Generations Begin() {
    EXPECT_OK(set_->BeginModelChange("test", kNewModel, NewDimensions()));
    auto generations = set_->GetGenerations("test");
    EXPECT_OK(generations);
    return *std::move(generations);
  }

  // Every item that has one is found by its new vector, and no other.
  static void CheckNew(const Collection& collection, int count) {
    SearchRequest request;
    request.exact = true;
    for (int i = 0; i < count; ++i) {
      const std::string id = absl::StrCat(i);
      request.target = NewVector(id);
      ASSERT_OK_AND_ASSIGN(const auto found, collection.Search(request));
      ASSERT_FALSE(found.hits.empty());
      if (i % 5 == 0) {
        for (const Hit& hit : found.hits) ASSERT_NE(std::stoi(hit.id) % 5, 0);
        ASSERT_OK_AND_ASSIGN(const Item item, collection.Get(id, {}));
        ASSERT_EQ(item.unembedded->reason, "NOT_FOUND");
        request.target = id;
        ASSERT_THAT(collection.Search(request),
                    Fails(absl::StatusCode::kNotFound, "no vector"));
      } else {
        ASSERT_EQ(found.hits[0].id, id);
        ASSERT_FLOAT_EQ(found.hits[0].similarity, 1);
      }
    }
  }

  const TempDir dir_;
  std::unique_ptr<CollectionSet> set_;
};

TEST_F(ModelChangeTest, NothingOfItIsSeenBeforeTheSwitch) {
  Fill(10);
  const Generations generations = Begin();
  EXPECT_FALSE(generations.switched);
  EXPECT_EQ(generations.other->spec().name, "test");
  EXPECT_EQ(generations.other->spec().model_id, kNewModel);
  CatchUp(generations);
  EXPECT_EQ(set_->List().size(), 1U);
  EXPECT_EQ(Named()->spec().model_id, "");
  EXPECT_EQ(Named()->stats().unembedded_items, 0U);
  SearchRequest request;
  request.target = VersionedVector(Space::kCopy, "3", 1);
  request.space = Space::kCopy;
  ASSERT_OK_AND_ASSIGN(const auto found, Named()->Search(request));
  EXPECT_EQ(found.hits[0].id, "3");
  const auto refused = generations.other->Upsert({VersionedPut("x", 1)});
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST_F(ModelChangeTest, ItemsWithoutVectorsAreThereAndInNoSearch) {
  constexpr int kItems = 230;
  Fill(kItems);
  {
    const Generations generations = Begin();
    CatchUp(generations);
    EXPECT_EQ(generations.other->size(), uint64_t{kItems});
    EXPECT_EQ(generations.other->stats().unembedded_items, kItems / 5);
    CheckNew(*generations.other, kItems);
    ASSERT_OK(generations.other->Compact());
    CheckNew(*generations.other, kItems);
  }
  Reopen();
  ASSERT_OK_AND_ASSIGN(const Generations generations,
                       set_->GetGenerations("test"));
  EXPECT_OK(generations.other->stats().opened);
  EXPECT_GE(generations.other->stats().sealed_segments, 1U);
  CheckNew(*generations.other, kItems);
  // A new picture, or vectors of the new model, make it a full item again.
  ASSERT_OK(set_->SwitchModel("test"));
  Mutation put;
  put.item.id = "5";
  put.item.model_id = kNewModel;
  put.vectors[Space::kSimilar] = NewVector("5");
  ASSERT_OK(Named()->Upsert({put}));
  SearchRequest request;
  request.target = NewVector("5");
  ASSERT_OK_AND_ASSIGN(const auto found, Named()->Search(request));
  EXPECT_EQ(found.hits[0].id, "5");
  EXPECT_EQ(Named()->stats().unembedded_items, kItems / 5 - 1);
}

TEST_F(ModelChangeTest, AHolderOfTheFormerGenerationReadsAndCantWrite) {
  Fill(8);
  const Generations generations = Begin();
  const std::shared_ptr<Collection> held = Named();
  EXPECT_THAT(set_->SwitchModel("test"), HasReason(kReasonNotCaughtUp));
  CatchUp(generations);
  ASSERT_OK(set_->SwitchModel("test"));
  EXPECT_EQ(Named(), generations.other);
  SearchRequest request;
  request.target = VersionedVector(Space::kSimilar, "3", 1);
  ASSERT_OK_AND_ASSIGN(const auto found, held->Search(request));
  EXPECT_EQ(found.hits[0].id, "3");
  const auto refused = held->Delete({"3"});
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kAborted));
  EXPECT_THAT(refused, HasReason(kReasonModelChanged));
  EXPECT_OK(held->Get("3", {}));
  // Operations go on where they were, so that nobody's number is given twice.
  ASSERT_OK_AND_ASSIGN(const auto op_ids, Named()->Delete({"3"}));
  EXPECT_EQ(op_ids, (std::vector<uint64_t>{9}));
}

TEST_F(ModelChangeTest, ADeletionThatTheSwitchOvertookDoesNotPassForDone) {
  Fill(8);
  const Generations generations = Begin();
  const std::shared_ptr<Collection> held = Named();
  CatchUp(generations);
  ASSERT_OK(set_->SwitchModel("test"));
  DeleteRequest all;
  all.all_items = true;
  ASSERT_OK_AND_ASSIGN(const DeleteResult result, held->DeleteMatching(all));
  EXPECT_THAT(result.ended, HasReason(kReasonModelChanged));
  EXPECT_EQ(result.deleted, 0U);
  EXPECT_EQ(result.changed, 0U);
  EXPECT_EQ(Named()->size(), 8U);
}

TEST_F(ModelChangeTest, WhoComesWhileTheOtherGenerationIsClosedWaitsAlone) {
  HeldBuilds builds;
  SegmentOptions options = SmallSegments(40, 100);
  options.pace = builds.pace();
  Reopen(options);
  CollectionSpec beside = TestSpec();
  beside.name = "beside";
  ASSERT_OK(set_->Create(beside));
  Fill(100);
  ASSERT_OK(Named()->Upsert({VersionedPut("100", 1)}));
  Generations generations = Begin();
  CatchUp(generations);
  builds.AwaitHeld(2);  // One of each generation.
  const std::weak_ptr<Generation> other = generations.other;
  std::thread closer([&generations] { generations = {}; });
  while (!other.expired()) std::this_thread::yield();
  auto again = std::async(std::launch::async,
                          [this] { return set_->GetGenerations("test"); });
  EXPECT_EQ(again.wait_for(std::chrono::milliseconds(50)),
            std::future_status::timeout);
  // Other collections are not held up, and this one is changed afterwards.
  EXPECT_OK(set_->BeginModelChange("beside", kNewModel, NewDimensions()));
  EXPECT_OK(set_->GetGenerations("beside"));
  EXPECT_OK(set_->Drop("beside"));
  auto changed = std::async(std::launch::async, [this] {
    return set_->UpdateIndexOptions("test",
                                    [](IndexOptions& own) { own.m = 12; });
  });
  builds.Open();
  closer.join();
  EXPECT_OK(changed.get());
  ASSERT_OK_AND_ASSIGN(const Generations opened, again.get());
  EXPECT_EQ(opened.other->size(), 101U);
  EXPECT_EQ(opened.other->spec().index.m, 12);
}

TEST_F(ModelChangeTest, TheWayBackHasWhatWasWrittenSince) {
  Fill(8);
  {
    const Generations generations = Begin();
    CatchUp(generations);
    ASSERT_OK(set_->SwitchModel("test"));
  }
  ASSERT_OK(Named()->Delete({"1"}));
  Reopen();
  ASSERT_OK_AND_ASSIGN(Generations generations, set_->GetGenerations("test"));
  EXPECT_TRUE(generations.switched);
  EXPECT_EQ(generations.current->spec().model_id, kNewModel);
  EXPECT_THAT(set_->SwitchModel("test"), HasReason(kReasonNotCaughtUp));
  ASSERT_OK_AND_ASSIGN(auto operations,
                       generations.current->ListOperations(8, 10));
  ASSERT_OK(generations.other->Follow(std::move(operations)));
  ASSERT_OK(set_->SwitchModel("test"));
  EXPECT_EQ(Named()->spec().model_id, "");
  EXPECT_THAT(Named()->Get("1", {}), HasCode(absl::StatusCode::kNotFound));
  EXPECT_EQ(Named()->size(), 7U);
  ASSERT_OK(set_->EndModelChange("test"));
  EXPECT_THAT(set_->GetGenerations("test"), HasReason(kReasonNoModelChange));
  generations = {};
  Reopen();
  EXPECT_EQ(Named()->size(), 7U);
}

TEST_F(ModelChangeTest, VectorsOfAnotherModelOrSizeAreRefused) {
  Fill(2);
  const Generations generations = Begin();
  ASSERT_OK_AND_ASSIGN(const auto operations,
                       generations.current->ListOperations(0, 1));
  const auto follow = [&](const std::string& model, size_t dimensions,
                          bool unembedded) {
    std::vector<Operation> changed = operations;
    changed[0].item.model_id = model;
    changed[0].vectors[Space::kSimilar].assign(dimensions, 1.0F);
    if (unembedded) changed[0].item.unembedded = {"WHY", "not"};
    return generations.other->Follow(std::move(changed));
  };
  EXPECT_THAT(follow("", kNewDimensions, false),
              HasReason(kReasonModelMismatch));
  EXPECT_THAT(follow(kNewModel, 3, false), BlamesField("vectors.similar"));
  EXPECT_THAT(follow(kNewModel, 0, false), BlamesField("vectors"));
  EXPECT_THAT(follow(kNewModel, kNewDimensions, true), BlamesField("vectors"));
  EXPECT_EQ(generations.other->last_op_id(), 0U);
  EXPECT_OK(follow(kNewModel, kNewDimensions, false));
}

}  // namespace
}  // namespace likeness
