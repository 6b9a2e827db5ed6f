// The public API on a real server with the real network and real pictures.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/core/sha256.h"
#include "engine/image/decode.h"
#include "engine/image/edit.h"
#include "engine/image/encode.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

class ServerLifeTest : public RealServerTest {
 protected:
  std::string Fill(const std::vector<std::string>& pictures) {
    std::string name = MakeCollection();
    for (size_t i = 0; i < pictures.size(); ++i) {
      EXPECT_OK(client().Call(
          UpsertRequest(name, "item" + std::to_string(i), pictures[i])));
    }
    return name;
  }
};

std::string EditedCopy(const std::string& picture, Edit edit) {
  auto decoded = DecodeImage(picture, DecodeLimits());
  EXPECT_OK(decoded);
  auto edited = ApplyEdit(decoded->image, edit);
  EXPECT_OK(edited);
  auto jpeg = EncodeJpeg(*edited, 85);
  EXPECT_OK(jpeg);
  return *std::move(jpeg);
}

TEST_F(ServerLifeTest, ACollectionTellsItsModelAndSpaces) {
  const std::string name = MakeCollection();
  v1::GetCollectionRequest get;
  get.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto answer, client().Call(get));
  const v1::Collection& collection = answer.collection();
  EXPECT_EQ(collection.name(), name);
  EXPECT_EQ(collection.model_id().size(), 64U);
  EXPECT_TRUE(collection.keep_thumbnails());
  EXPECT_EQ(collection.item_count(), 0);
  EXPECT_GT(collection.create_time().seconds(), 0);
  ASSERT_EQ(collection.spaces_size(), 2);
  for (const v1::SpaceConfig& space : collection.spaces()) {
    EXPECT_GT(space.dimensions(), 0);
  }
  ASSERT_OK_AND_ASSIGN(const auto all,
                       client().Call(v1::ListCollectionsRequest()));
  std::vector<std::string> names;
  for (const v1::Collection& one : all.collections()) {
    names.push_back(one.name());
  }
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_THAT(names, ::testing::Contains(name));

  v1::DeleteCollectionRequest drop;
  drop.set_name(name);
  ASSERT_OK(client().Call(drop));
  EXPECT_THAT(client().Call(get), HasReason(kReasonCollectionNotFound));
  EXPECT_THAT(client().Call(drop), HasReason(kReasonCollectionNotFound));
}

TEST_F(ServerLifeTest, AnItemComesBackAsItWasGiven) {
  const std::string name = MakeCollection();
  const std::string picture = PatchworkJpeg(1, 200);
  v1::UpsertItemRequest put =
      UpsertRequest(name, "K\xc3\xa4se/1 \xe2\x82\xac", picture);
  v1::Item& item = *put.mutable_item();
  item.set_source("file:///shop/1.jpg");
  auto& metadata = *item.mutable_metadata();
  metadata["name"].set_string_value("Gouda");
  metadata["price"].set_double_value(3.5);
  metadata["stock"].set_int_value(-7);
  metadata["bio"].set_bool_value(true);
  metadata["since"].mutable_timestamp_value()->set_seconds(-1);
  metadata["tags"].mutable_string_list_value()->add_values("yellow");
  ASSERT_OK_AND_ASSIGN(const auto put_answer, client().Call(put));

  v1::GetItemRequest get;
  get.set_collection(name);
  get.set_id(item.id());
  ASSERT_OK_AND_ASSIGN(const auto bare, client().Call(get));
  EXPECT_EQ(bare.item().thumbnail(), "");
  get.set_with_thumbnail(true);
  ASSERT_OK_AND_ASSIGN(const auto got, client().Call(get));
  const v1::Item& back = got.item();
  EXPECT_EQ(back.id(), item.id());
  EXPECT_EQ(back.source(), item.source());
  ASSERT_EQ(back.metadata_size(), item.metadata_size());
  for (const auto& [key, value] : item.metadata()) {
    EXPECT_EQ(back.metadata().at(key).SerializeAsString(),
              value.SerializeAsString())
        << key;
  }
  const Sha256Digest digest = Sha256(picture);
  EXPECT_EQ(back.picture().sha256(), std::string(digest.begin(), digest.end()));
  EXPECT_EQ(back.picture().format(), v1::IMAGE_FORMAT_JPEG);
  EXPECT_EQ(back.picture().width(), 200);
  EXPECT_EQ(back.picture().size_bytes(), std::ssize(picture));
  EXPECT_EQ(back.picture().pdq_hash().size(), 32U);
  EXPECT_EQ(back.op_id(), put_answer.op_id());
  EXPECT_EQ(SniffFormat(back.thumbnail()), ImageFormat::kJpeg);
}

TEST_F(ServerLifeTest, FindsThePictureItselfAndItsEditedCopies) {
  if (testing::TestDataDir().empty()) {
    GTEST_SKIP() << "needs photographs: set LIKENESS_TEST_DATA";
  }
  const std::vector<std::string> pictures = SomePictures(20);
  const std::string name = Fill(pictures);
  for (const int i : {0, 7, 19}) {
    const std::string id = "item" + std::to_string(i);
    ASSERT_OK_AND_ASSIGN(const auto itself,
                         client().Call(PictureSearch(name, pictures[i], 3)));
    ASSERT_EQ(itself.hits_size(), 3);
    EXPECT_EQ(itself.hits(0).item().id(), id);
    EXPECT_NEAR(itself.hits(0).similarity(), 1, 1e-4);
    EXPECT_NEAR(itself.hits(0).distance(), 0, 2e-2);
    EXPECT_TRUE(itself.exact());
    EXPECT_EQ(itself.candidates_examined(), 20);
    EXPECT_EQ(itself.space(), v1::SPACE_SIMILAR);

    v1::SearchRequest copy =
        PictureSearch(name, EditedCopy(pictures[i], Edit::kRecompress), 1);
    copy.set_space(v1::SPACE_COPY);
    ASSERT_OK_AND_ASSIGN(const auto copies, client().Call(copy));
    ASSERT_EQ(copies.hits_size(), 1);
    EXPECT_EQ(copies.hits(0).item().id(), id);
    EXPECT_EQ(copies.space(), v1::SPACE_COPY);
  }
}

TEST_F(ServerLifeTest, HitsFallInSimilarityAndTieItToDistance) {
  const std::vector<std::string> pictures = SomePictures(12);
  const std::string name = Fill(pictures);
  v1::SearchRequest search = PictureSearch(name, pictures[0], 12);
  search.set_with_thumbnails(true);
  ASSERT_OK_AND_ASSIGN(const auto found, client().Call(search));
  ASSERT_EQ(found.hits_size(), 12);
  for (int i = 0; i < found.hits_size(); ++i) {
    const v1::Hit& hit = found.hits(i);
    if (i > 0) {
      EXPECT_LE(hit.similarity(), found.hits(i - 1).similarity());
    }
    // |a - b|^2 = 2 - 2 cos(a, b) for unit vectors.
    EXPECT_NEAR(hit.distance() * hit.distance(), 2 - 2 * hit.similarity(),
                1e-3);
    EXPECT_FALSE(hit.item().thumbnail().empty());
  }
  // The threshold is inclusive: that of the fifth hit gives five.
  search.set_min_similarity(found.hits(4).similarity());
  ASSERT_OK_AND_ASSIGN(const auto near, client().Call(search));
  EXPECT_EQ(near.hits_size(), 5);
}

TEST_F(ServerLifeTest, AnItemIsNotItsOwnNeighbour) {
  const std::string name = Fill(SomePictures(4));
  v1::SearchRequest search;
  search.set_collection(name);
  search.set_item_id("item2");
  ASSERT_OK_AND_ASSIGN(const auto found, client().Call(search));
  ASSERT_EQ(found.hits_size(), 3);
  for (const v1::Hit& hit : found.hits()) {
    EXPECT_NE(hit.item().id(), "item2");
  }
  search.set_item_id("none");
  EXPECT_THAT(client().Call(search), HasReason(kReasonItemNotFound));
  EXPECT_THAT(client().Call(search), BlamesField("item_id"));
}

TEST_F(ServerLifeTest, OwnVectorsAreNormalisedAndFound) {
  const std::string name = MakeVectorCollection();
  ASSERT_OK(client().Call(VectorUpsert(name, "east", 5, 0)));
  ASSERT_OK(client().Call(VectorUpsert(name, "north", 0, .1F)));
  v1::SearchRequest search;
  search.set_collection(name);
  search.mutable_vector()->add_values(3);
  search.mutable_vector()->add_values(4);
  ASSERT_OK_AND_ASSIGN(const auto found, client().Call(search));
  ASSERT_EQ(found.hits_size(), 2);
  EXPECT_EQ(found.hits(0).item().id(), "north");
  EXPECT_NEAR(found.hits(0).similarity(), .8, 1e-6);
  EXPECT_NEAR(found.hits(1).similarity(), .6, 1e-6);
  EXPECT_NEAR(found.hits(1).distance(), std::sqrt(.8), 1e-5);
  EXPECT_EQ(found.model_id(), "");
  EXPECT_FALSE(found.hits(0).item().has_picture());
}

TEST_F(ServerLifeTest, ASearchSeesTheOperationItNamesOrFails) {
  const std::string name = MakeVectorCollection();
  ASSERT_OK_AND_ASSIGN(const auto put,
                       client().Call(VectorUpsert(name, "a", 1, 0)));
  v1::SearchRequest search;
  search.set_collection(name);
  search.mutable_vector()->add_values(1);
  search.mutable_vector()->add_values(0);
  search.set_min_op_id(put.op_id());
  ASSERT_OK_AND_ASSIGN(const auto found, client().Call(search));
  EXPECT_EQ(found.hits_size(), 1);
  EXPECT_GE(found.op_id(), put.op_id());
  search.set_min_op_id(put.op_id() + 1);
  const auto early = client().Call(search);
  EXPECT_THAT(early, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(early, HasReason(kReasonNotYetVisible));
}

TEST_F(ServerLifeTest, ADeletedItemIsGoneAndAReplacedOneIsNew) {
  const std::string name = MakeVectorCollection();
  ASSERT_OK(client().Call(VectorUpsert(name, "a", 1, 0)));
  ASSERT_OK(client().Call(VectorUpsert(name, "a", 0, 1)));
  ASSERT_OK(client().Call(VectorUpsert(name, "b", 1, 0)));
  v1::SearchRequest search;
  search.set_collection(name);
  search.mutable_vector()->add_values(1);
  search.mutable_vector()->add_values(0);
  ASSERT_OK_AND_ASSIGN(auto found, client().Call(search));
  ASSERT_EQ(found.hits_size(), 2);
  EXPECT_EQ(found.hits(0).item().id(), "b");
  EXPECT_NEAR(found.hits(1).similarity(), 0, 1e-6);

  v1::DeleteItemRequest drop;
  drop.set_collection(name);
  drop.set_id("b");
  ASSERT_OK(client().Call(drop));
  ASSERT_OK_AND_ASSIGN(found, client().Call(search));
  ASSERT_EQ(found.hits_size(), 1);
  EXPECT_EQ(found.hits(0).item().id(), "a");
  EXPECT_THAT(client().Call(drop), HasReason(kReasonItemNotFound));
  v1::GetItemRequest get;
  get.set_collection(name);
  get.set_id("b");
  EXPECT_THAT(client().Call(get), HasReason(kReasonItemNotFound));
}

TEST_F(ServerLifeTest, ACollectionWithoutThumbnailsKeepsNone) {
  v1::CreateCollectionRequest create = CreateRequest("no_thumbnails");
  create.set_drop_thumbnails(true);
  ASSERT_OK(client().Call(create));
  ASSERT_OK(
      client().Call(UpsertRequest("no_thumbnails", "a", PatchworkJpeg(1))));
  v1::GetItemRequest get;
  get.set_collection("no_thumbnails");
  get.set_id("a");
  get.set_with_thumbnail(true);
  ASSERT_OK_AND_ASSIGN(const auto got, client().Call(get));
  EXPECT_EQ(got.item().thumbnail(), "");
}

TEST_F(ServerLifeTest, ComparesTwoPictures) {
  if (testing::TestDataDir().empty()) {
    GTEST_SKIP() << "needs photographs: set LIKENESS_TEST_DATA";
  }
  const std::string picture = SomePictures(1).front();
  v1::CompareRequest compare;
  compare.set_picture_a(picture);
  compare.set_picture_b(picture);
  ASSERT_OK_AND_ASSIGN(const auto same, client().Call(compare));
  EXPECT_TRUE(same.identical_bytes());
  EXPECT_EQ(same.pdq_distance(), 0);
  ASSERT_EQ(same.comparisons_size(), 2);
  for (const v1::SpaceComparison& space : same.comparisons()) {
    EXPECT_NEAR(space.similarity(), 1, 1e-4);
    EXPECT_NEAR(space.euclidean(), 0, 2e-2);
    EXPECT_NEAR(space.manhattan(), 0, .5);
  }
  compare.set_picture_b(EditedCopy(picture, Edit::kShrink));
  ASSERT_OK_AND_ASSIGN(const auto copy, client().Call(compare));
  EXPECT_FALSE(copy.identical_bytes());
  EXPECT_LE(copy.pdq_distance(), 31);
  compare.set_picture_b(PatchworkJpeg(99));
  ASSERT_OK_AND_ASSIGN(const auto other, client().Call(compare));
  EXPECT_GT(other.pdq_distance(), 31);
  for (int i = 0; i < 2; ++i) {
    EXPECT_LT(other.comparisons(i).similarity(),
              copy.comparisons(i).similarity());
    EXPECT_GT(other.comparisons(i).euclidean(),
              copy.comparisons(i).euclidean());
    EXPECT_GT(other.comparisons(i).manhattan(),
              copy.comparisons(i).manhattan());
  }
}

}  // namespace
}  // namespace likeness::testing
