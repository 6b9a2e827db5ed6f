// The steps of a change of model where others, or earlier changes, come in
// between.
#include "indexer/change_model.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "indexer/collection_sink.h"
#include "indexer/unembedded.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/indexer/flat_picture.h"
#include "tests/unit/indexer/picture_collection.h"

namespace likeness {
namespace {

using ::likeness::testing::FlatJpeg;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::IsOk;
using ::likeness::testing::PictureCollection;

// Collections of which somebody else begins to change the model, at the moment
// at which it has been found that nobody does.
class OvertakenSet final : public CollectionSet {
 public:
  OvertakenSet(CollectionSet& set, std::function<void()> overtake)
      : set_(set), overtake_(std::move(overtake)) {}

  absl::StatusOr<std::shared_ptr<Collection>> Create(
      const CollectionSpec& spec) override {
    return set_.Create(spec);
  }
  absl::StatusOr<std::shared_ptr<Collection>> Get(
      absl::string_view name) const override {
    return set_.Get(name);
  }
  std::vector<std::shared_ptr<Collection>> List() const override {
    return set_.List();
  }
  absl::Status Drop(absl::string_view name) override { return set_.Drop(name); }
  absl::StatusOr<SnapshotManifest> Snapshot(
      const std::string& folder) override {
    return set_.Snapshot(folder);
  }
  absl::Status BeginModelChange(absl::string_view name,
                                absl::string_view model_id,
                                const PerSpace<int>& dimensions) override {
    overtake_();
    return set_.BeginModelChange(name, model_id, dimensions);
  }
  std::optional<ModelChange> FindModelChange(
      absl::string_view name) const override {
    return set_.FindModelChange(name);
  }
  absl::StatusOr<Generations> GetGenerations(absl::string_view name) override {
    return set_.GetGenerations(name);
  }
  absl::Status SwitchModel(absl::string_view name) override {
    return set_.SwitchModel(name);
  }
  absl::Status EndModelChange(absl::string_view name) override {
    return set_.EndModelChange(name);
  }
  absl::StatusOr<IndexOptions> UpdateIndexOptions(
      absl::string_view name,
      const std::function<void(IndexOptions&)>& change) override {
    return set_.UpdateIndexOptions(name, change);
  }

 private:
  CollectionSet& set_;
  const std::function<void()> overtake_;
};

class ChangeModelTest : public PictureCollection {
 protected:
  static constexpr int kPictures = 3;

  void SetUp() override {
    PictureCollection::SetUp();
    for (int i = 0; i < kPictures; ++i) IndexPicture(i);
  }

  // From one model to the other, for good; one item is left without vectors.
  void ChangeTo(const Embedder& model) {
    {
      ASSERT_OK_AND_ASSIGN(const Generations both,
                           OpenModelChange(*set_, "c", model.model()));
      ASSERT_THAT(Run(both, model).status, IsOk());
    }
    ASSERT_OK(SwitchGeneration(*set_, "c", SwitchStep::kSwitch, 1));
    ASSERT_OK(EndModelChange(*set_, "c", EndStep::kFinish));
  }
};

TEST_F(ChangeModelTest, WhoeverBeginsAtTheSameTimeFindsItUnderWay) {
  OvertakenSet set(*set_, [this] {
    ASSERT_OK(OpenModelChange(*set_, "c", new_model_.model()));
  });
  ASSERT_OK_AND_ASSIGN(const Generations both,
                       OpenModelChange(set, "c", new_model_.model()));
  EXPECT_EQ(both.other->spec().model_id, new_model_.model().id);
}

TEST_F(ChangeModelTest, WhoeverBeginsAnotherAtTheSameTimeIsToldOfIt) {
  OvertakenSet set(*set_, [this] {
    ModelInfo third = new_model_.model();
    third.id = "third";
    ASSERT_OK(OpenModelChange(*set_, "c", third));
  });
  EXPECT_THAT(OpenModelChange(set, "c", new_model_.model()),
              HasReason(kReasonModelMismatch));
}

// An item without vectors keeps the name of the model that it last had any of.
// After a change there and back that is the collection's own.
TEST_F(ChangeModelTest, AnItemWithoutVectorsIsNotTakenForOneThatHasThem) {
  const std::string away = absl::StrCat(Path(1), ".away");
  std::filesystem::rename(Path(1), away);
  ChangeTo(new_model_);
  ChangeTo(old_model_);
  std::filesystem::rename(away, Path(1));
  ASSERT_OK_AND_ASSIGN(const Item item, Named()->Get(Id(1), {}));
  ASSERT_TRUE(item.unembedded.has_value());
  ASSERT_EQ(item.model_id, Named()->spec().model_id);
  {
    CollectionSink sink(*Named(), old_model_, {});
    ASSERT_OK_AND_ASSIGN(const Held gone, sink.Find(Id(1), FlatJpeg(1)));
    EXPECT_EQ(gone, Held::kOther);
    ASSERT_OK_AND_ASSIGN(const Held there, sink.Find(Id(2), FlatJpeg(2)));
    EXPECT_EQ(there, Held::kSame);
  }
  Mutation put;
  put.item = item;
  put.item.unembedded.reset();
  put.vectors = VectorsOf(1, old_model_);
  put.condition.kind = Condition::Kind::kChanged;
  ASSERT_OK_AND_ASSIGN(auto outcomes, Named()->ApplyAtomically({put}));
  EXPECT_EQ(outcomes[0].change, Outcome::Change::kReplaced);
  EXPECT_EQ(Named()->stats().unembedded_items, 0U);
  ASSERT_OK_AND_ASSIGN(outcomes, Named()->ApplyAtomically({put}));
  EXPECT_EQ(outcomes[0].change, Outcome::Change::kUnchanged);
}

TEST_F(ChangeModelTest, ItemsAreTriedAgainOnlyWhileSomebodyWaits) {
  for (int i = 0; i < kPictures; ++i) std::filesystem::remove(Path(i));
  const Generations both = Begin();
  ASSERT_THAT(Run(both, new_model_).status, IsOk());
  const uint64_t before = both.current->last_op_id();
  EXPECT_THAT(RenewUnembedded(*both.current, *both.other,
                              [] { return absl::CancelledError("gone"); }),
              HasCode(absl::StatusCode::kCancelled));
  EXPECT_EQ(both.current->last_op_id(), before);
  ASSERT_OK_AND_ASSIGN(const uint64_t renewed,
                       RenewUnembedded(*both.current, *both.other,
                                       [] { return absl::OkStatus(); }));
  EXPECT_EQ(renewed, uint64_t{kPictures});
}

}  // namespace
}  // namespace likeness
