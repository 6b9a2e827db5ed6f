#include "server/item_search.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/collection_set.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::FakeEmbedder;
using testing::HasReason;
using testing::PatchworkJpeg;
using testing::TempDir;

// The fake, calibrated in the `similar` space alone: .9 at .5, .95 at .999.
class CalibratedEmbedder : public FakeEmbedder {
 public:
  CalibratedEmbedder() : model_(FakeEmbedder::model()) {
    Calibration calibration;
    calibration.thresholds = {{.precision = 0.9, .similarity = 0.5F},
                              {.precision = 0.95, .similarity = 0.999F}};
    model_.calibration[Space::kSimilar] = calibration;
  }
  const ModelInfo& model() const override { return model_; }

 private:
  ModelInfo model_;
};

class ItemSearchTest : public ::testing::Test {
 protected:
  static constexpr int kItems = 8;

  ItemSearchTest() : encoder_(embedder_, DecodeLimits(), 16) {
    auto set = CollectionSet::Open(dir_.path(), /*create=*/true);
    EXPECT_OK(set);
    set_ = *std::move(set);
    auto made = set_->Create({.name = "shop",
                              .model_id = embedder_.model().id,
                              .dimensions = embedder_.model().dimensions,
                              .keep_thumbnails = false,
                              .created = absl::UnixEpoch()});
    EXPECT_OK(made);
    shop_ = *std::move(made);
    for (int i = 0; i < kItems; ++i) Put(absl::StrCat(i), i);
    request_.set_picture(PatchworkJpeg(3));
  }

  void Put(const std::string& id, int picture) {
    auto encoded =
        encoder_.Encode(PatchworkJpeg(static_cast<unsigned>(picture)), false);
    ASSERT_OK(encoded);
    Mutation put;
    put.item.id = id;
    put.item.model_id = embedder_.model().id;
    put.item.metadata["half"] = int64_t{picture / 2};
    put.vectors = encoded->embedding.vectors;
    ASSERT_OK(shop_->Upsert({std::move(put)}));
  }

  absl::StatusOr<v1::SearchResponse> Search() {
    v1::SearchResponse response;
    const SearchMeans means = {
        .encoder = [this]() -> absl::StatusOr<const PictureEncoder*> {
          ++encoder_asked_;
          return &encoder_;
        },
        .check_wanted = [] { return absl::OkStatus(); }};
    const absl::Status status = SearchItems(request_, *shop_, means, response);
    if (!status.ok()) return status;
    return response;
  }

  std::vector<std::string> Ids() {
    const auto response = Search();
    EXPECT_OK(response);
    std::vector<std::string> ids;
    if (!response.ok()) return ids;
    for (const v1::Hit& hit : response->hits()) ids.push_back(hit.item().id());
    return ids;
  }

  const TempDir dir_;
  const CalibratedEmbedder embedder_;
  const PictureEncoder encoder_;
  std::unique_ptr<CollectionSet> set_;
  std::shared_ptr<Collection> shop_;
  v1::SearchRequest request_;
  int encoder_asked_ = 0;
};

TEST_F(ItemSearchTest, PagesTogetherAreTheWholeAnswerAndEmbedNothingAgain) {
  request_.set_k(100);
  const std::vector<std::string> whole = Ids();
  ASSERT_EQ(whole.size(), static_cast<size_t>(kItems));
  encoder_asked_ = 0;
  request_.set_paged(true);
  request_.set_k(3);
  std::vector<std::string> paged;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::SearchResponse page, Search());
    for (const v1::Hit& hit : page.hits()) paged.push_back(hit.item().id());
    EXPECT_EQ(page.op_id(), static_cast<uint64_t>(kItems));
    EXPECT_EQ(page.model_id(), embedder_.model().id);
    request_.set_page_token(page.next_page_token());
  } while (!request_.page_token().empty() && paged.size() < 100);
  EXPECT_EQ(paged, whole);
  EXPECT_EQ(encoder_asked_, 1);
}

TEST_F(ItemSearchTest, WithoutPagedThereIsNoToken) {
  request_.set_k(2);
  ASSERT_OK_AND_ASSIGN(const v1::SearchResponse response, Search());
  EXPECT_EQ(response.next_page_token(), "");
  EXPECT_FALSE(response.has_groups_complete());
  EXPECT_FALSE(response.has_min_similarity());
}

TEST_F(ItemSearchTest, ItemsThatAreExamplesStayOutOfEveryPage) {
  v1::Examples& examples = *request_.mutable_examples();
  examples.add_positives()->set_item_id("3");
  examples.add_positives()->set_picture(PatchworkJpeg(4));
  examples.add_negatives()->set_item_id("5");
  request_.set_k(2);
  request_.set_paged(true);
  std::set<std::string> found;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::SearchResponse page, Search());
    for (const v1::Hit& hit : page.hits()) {
      EXPECT_TRUE(found.insert(hit.item().id()).second);
    }
    request_.set_page_token(page.next_page_token());
  } while (!request_.page_token().empty());
  EXPECT_EQ(found, std::set<std::string>({"0", "1", "2", "4", "6", "7"}));
}

TEST_F(ItemSearchTest, GroupsHaveOneHitEachOrAsManyAsAreAskedFor) {
  request_.set_group_by("half");
  ASSERT_OK_AND_ASSIGN(const v1::SearchResponse response, Search());
  EXPECT_EQ(response.hits_size(), kItems / 2);
  EXPECT_EQ(response.hits(0).item().id(), "3");
  EXPECT_TRUE(response.groups_complete());
  std::set<int64_t> groups;
  for (const v1::Hit& hit : response.hits()) {
    EXPECT_TRUE(
        groups.insert(hit.item().metadata().at("half").int_value()).second);
  }
  request_.set_group_size(2);
  ASSERT_OK_AND_ASSIGN(const v1::SearchResponse pairs, Search());
  ASSERT_EQ(pairs.hits_size(), kItems);
  for (int i = 0; i < kItems; i += 2) {
    const auto half = [&pairs](int hit) {
      return pairs.hits(hit).item().metadata().at("half").int_value();
    };
    EXPECT_EQ(half(i), half(i + 1));
    EXPECT_EQ(pairs.hits(i).item().id(), response.hits(i / 2).item().id());
  }
  request_.set_group_size(101);
  EXPECT_THAT(Search(), BlamesField("group_size"));
  request_.set_group_size(0);
  request_.set_paged(true);
  EXPECT_THAT(Search(), BlamesField("group_by"));
}

TEST_F(ItemSearchTest, ExcludedItemsMakeRoomForOthers) {
  request_.set_k(3);
  const std::vector<std::string> before = Ids();
  EXPECT_EQ(before.front(), "3");
  for (const std::string& id : before) request_.add_exclude_item_ids(id);
  const std::vector<std::string> after = Ids();
  EXPECT_EQ(after.size(), 3U);
  for (const std::string& id : after) {
    EXPECT_EQ(std::count(before.begin(), before.end(), id), 0);
  }
}

TEST_F(ItemSearchTest, APrecisionTakesItsSimilarity) {
  for (const bool by_item : {false, true}) {
    if (by_item) {
      Put("twin", 3);
      request_.set_item_id("3");
    }
    request_.set_min_precision(0.92);
    ASSERT_OK_AND_ASSIGN(const v1::SearchResponse response, Search());
    EXPECT_EQ(response.min_similarity(), 0.999F);
    ASSERT_EQ(response.hits_size(), 1);
    EXPECT_EQ(response.hits(0).item().id(), by_item ? "twin" : "3");
  }
}

TEST_F(ItemSearchTest, APrecisionThatIsNotVouchedForIsRefused) {
  request_.set_min_precision(0.99);
  auto refused = Search();
  EXPECT_THAT(refused,
              Fails(absl::StatusCode::kFailedPrecondition, "0.9, 0.95"));
  EXPECT_THAT(refused, HasReason(kReasonNotCalibrated));
  EXPECT_THAT(refused, BlamesField("min_precision"));
  request_.set_min_precision(0.9);
  request_.set_space(v1::SPACE_COPY);
  EXPECT_THAT(Search(), HasReason(kReasonNotCalibrated));
  request_.set_space(v1::SPACE_SIMILAR);
  for (const double wrong : {0.0, 1.0, -1.0}) {
    request_.set_min_precision(wrong);
    refused = Search();
    EXPECT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, ""));
    EXPECT_THAT(refused, BlamesField("min_precision"));
  }
  request_.set_min_precision(0.9);
  request_.set_min_similarity(0.5F);
  EXPECT_THAT(Search(), BlamesField("min_precision"));
  request_.clear_min_similarity();
  request_.mutable_examples()->add_positives()->set_item_id("3");
  EXPECT_THAT(Search(), BlamesField("min_precision"));
}

TEST_F(ItemSearchTest, NothingIsKnownOfAnotherModelsVectors) {
  auto own = set_->Create({.name = "own",
                           .model_id = "",
                           .dimensions = embedder_.model().dimensions,
                           .keep_thumbnails = false,
                           .created = absl::UnixEpoch()});
  ASSERT_OK(own);
  shop_ = *own;
  request_.set_item_id("3");
  request_.set_min_precision(0.9);
  EXPECT_THAT(Search(), HasReason(kReasonNotCalibrated));
}

TEST_F(ItemSearchTest, BadExamplesAreNamedByTheirPath) {
  v1::Examples& examples = *request_.mutable_examples();
  EXPECT_THAT(Search(), BlamesField("examples.positives"));
  examples.add_positives();
  EXPECT_THAT(Search(), BlamesField("examples.positives[0]"));
  examples.mutable_positives(0)->set_item_id("3");
  examples.add_negatives()->set_picture("no picture");
  EXPECT_THAT(Search(), BlamesField("examples.negatives[0].picture"));
  examples.mutable_negatives(0)->mutable_vector()->add_values(1);
  EXPECT_THAT(Search(), BlamesField("examples.negatives[0].vector.values"));
  examples.mutable_negatives(0)->mutable_vector()->set_space(v1::SPACE_COPY);
  EXPECT_THAT(Search(), BlamesField("examples.negatives[0].vector.space"));
  examples.mutable_negatives(0)->set_item_id("nobody");
  const auto missing = Search();
  EXPECT_THAT(missing, BlamesField("examples.negatives[0].item_id"));
  EXPECT_THAT(missing, HasReason(kReasonItemNotFound));
  examples.mutable_negatives(0)->set_item_id("");
  EXPECT_THAT(Search(), BlamesField("examples.negatives[0].item_id"));
  examples.clear_negatives();
  examples.set_rule(static_cast<v1::ExampleRule>(9));
  EXPECT_THAT(Search(), BlamesField("examples.rule"));
  examples.set_rule(v1::EXAMPLE_RULE_BEST);
  EXPECT_OK(Search());
  for (int i = 0; i < 40; ++i) {
    examples.add_positives()->set_picture("not even looked at");
  }
  EXPECT_THAT(Search(), BlamesField("examples.positives"));
}

TEST_F(ItemSearchTest, AMissingItemIsTheItemIdsFault) {
  request_.set_item_id("nobody");
  EXPECT_THAT(Search(), BlamesField("item_id"));
  EXPECT_THAT(Search(), HasReason(kReasonItemNotFound));
  request_.clear_query();
  EXPECT_THAT(Search(), BlamesField("picture"));
}

}  // namespace
}  // namespace likeness
