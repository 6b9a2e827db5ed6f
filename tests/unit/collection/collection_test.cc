// What one caller may rely on.
#include "engine/collection/collection.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/core/error.h"
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
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::TempDir;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;

class CollectionTest : public ::testing::Test {
 protected:
  Collection& collection() { return *opened_.collection; }

  void Reopen() {
    opened_ = {};
    opened_ = OpenTestCollection(dir_.path());
  }

  absl::StatusOr<std::vector<uint64_t>> Put(const std::string& id,
                                            int64_t version = 1) {
    return collection().Upsert({VersionedPut(id, version)});
  }

  SearchRequest Near(const std::string& id, int64_t version = 1) {
    SearchRequest request;
    request.target = VersionedVector(Space::kSimilar, id, version);
    return request;
  }

 private:
  TempDir dir_;
  testing::OpenedCollection opened_ = OpenTestCollection(dir_.path());
};

TEST_F(CollectionTest, FindsWhatWasPut) {
  ASSERT_OK(Put("shoe"));
  ASSERT_OK(Put("hat"));
  ASSERT_OK_AND_ASSIGN(const SearchResult result,
                       collection().Search(Near("shoe")));
  ASSERT_EQ(result.hits.size(), 2U);
  EXPECT_EQ(result.hits[0].id, "shoe");
  EXPECT_EQ(result.hits[0].similarity, 1);
  EXPECT_EQ(result.hits[0].distance, 0);
  EXPECT_NEAR(result.hits[1].distance,
              std::sqrt(2 - 2 * result.hits[1].similarity), 1e-6);
  ASSERT_TRUE(result.hits[0].item.has_value());
  EXPECT_EQ(testing::VersionOf(*result.hits[0].item), 1);
  EXPECT_TRUE(result.exact);
  EXPECT_EQ(result.candidates_examined, 2U);
  EXPECT_EQ(result.op_id, 2U);
}

TEST_F(CollectionTest, OperationIdsAreGapFree) {
  ASSERT_OK_AND_ASSIGN(const auto first, Put("a"));
  ASSERT_OK_AND_ASSIGN(
      const auto more,
      collection().Upsert({VersionedPut("b", 1), VersionedPut("a", 2)}));
  ASSERT_OK_AND_ASSIGN(const auto deleted,
                       collection().Delete({"nothing", "b"}));
  ASSERT_OK_AND_ASSIGN(const auto last, Put("c"));
  EXPECT_EQ(first, std::vector<uint64_t>{1});
  EXPECT_EQ(more, (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ(deleted, (std::vector<uint64_t>{0, 4}));
  EXPECT_EQ(last, std::vector<uint64_t>{5});
  EXPECT_EQ(collection().last_op_id(), 5U);
  EXPECT_EQ(collection().size(), 2U);
  Reopen();
  EXPECT_EQ(collection().last_op_id(), 5U);
  EXPECT_EQ(collection().size(), 2U);
}

TEST_F(CollectionTest, AReplacedVersionIsNeverFoundAgain) {
  ASSERT_OK(Put("a", 1));
  ASSERT_OK(Put("a", 2));
  for (int round = 0; round < 2; ++round) {
    ASSERT_OK_AND_ASSIGN(const SearchResult result,
                         collection().Search(Near("a", 1)));
    ASSERT_EQ(result.hits.size(), 1U);
    EXPECT_LT(result.hits[0].similarity, 0.99F);
    EXPECT_EQ(testing::VersionOf(*result.hits[0].item), 2);
    Reopen();
  }
}

TEST_F(CollectionTest, TheLastOfOneCallWins) {
  ASSERT_OK(collection().Upsert(
      {VersionedPut("a", 1), VersionedPut("a", 2), VersionedPut("a", 3)}));
  ASSERT_OK_AND_ASSIGN(const SearchResult result,
                       collection().Search(Near("a", 3)));
  ASSERT_EQ(result.hits.size(), 1U);
  EXPECT_EQ(testing::VersionOf(*result.hits[0].item), 3);
  EXPECT_NEAR(result.hits[0].similarity, 1, 1e-6);
  EXPECT_EQ(collection().size(), 1U);
}

TEST_F(CollectionTest, ADeletedItemIsGone) {
  ASSERT_OK(Put("a"));
  ASSERT_OK(Put("b"));
  ASSERT_OK(collection().Delete({"a"}));
  for (int round = 0; round < 2; ++round) {
    ASSERT_OK_AND_ASSIGN(const SearchResult result,
                         collection().Search(Near("a")));
    ASSERT_EQ(result.hits.size(), 1U);
    EXPECT_EQ(result.hits[0].id, "b");
    EXPECT_THAT(collection().Get("a", {}),
                Fails(absl::StatusCode::kNotFound, "\"a\""));
    Reopen();
  }
}

TEST_F(CollectionTest, SearchByItemLeavesTheItemOut) {
  for (const char* id : {"a", "b", "c"}) ASSERT_OK(Put(id));
  // The same vector under another name must stay in.
  Mutation twin = VersionedPut("a", 1);
  twin.item.id = "twin";
  ASSERT_OK(collection().Upsert({twin}));
  SearchRequest request;
  request.target = "a";
  request.k = 1;
  ASSERT_OK_AND_ASSIGN(SearchResult result, collection().Search(request));
  ASSERT_EQ(result.hits.size(), 1U);
  EXPECT_EQ(result.hits[0].id, "twin");
  request.k = 10;
  ASSERT_OK_AND_ASSIGN(result, collection().Search(request));
  EXPECT_EQ(result.hits.size(), 3U);
  request.target = "nobody";
  EXPECT_THAT(collection().Search(request),
              Fails(absl::StatusCode::kNotFound, "nobody"));
}

TEST_F(CollectionTest, AnItemIsFoundOnlyInTheSpacesItHasVectorsFor) {
  Mutation put = VersionedPut("a", 1);
  put.vectors[Space::kCopy].clear();
  ASSERT_OK(collection().Upsert({put}));
  ASSERT_OK(Put("b"));
  for (int round = 0; round < 2; ++round) {
    SearchRequest request;
    request.space = Space::kCopy;
    request.target = VersionedVector(Space::kCopy, "a", 1);
    ASSERT_OK_AND_ASSIGN(SearchResult result, collection().Search(request));
    ASSERT_EQ(result.hits.size(), 1U);
    EXPECT_EQ(result.hits[0].id, "b");
    request.target = "a";
    EXPECT_THAT(collection().Search(request),
                Fails(absl::StatusCode::kNotFound, "no vector in space copy"));
    Reopen();
  }
}

TEST_F(CollectionTest, AnswersFromTheOperationThatWasAskedForOrFails) {
  ASSERT_OK_AND_ASSIGN(const auto op_ids, Put("a"));
  SearchRequest request = Near("a");
  request.min_op_id = op_ids[0];
  ASSERT_OK_AND_ASSIGN(const SearchResult result, collection().Search(request));
  EXPECT_GE(result.op_id, op_ids[0]);
  request.min_op_id = op_ids[0] + 1;
  const auto refused = collection().Search(request);
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(refused, HasReason(kReasonNotYetVisible));
}

TEST_F(CollectionTest, KeepsEverythingOfAnItem) {
  Mutation put = VersionedPut("\u00e9t\u00e9/1 \u2603", 1);
  put.item.metadata["text"] = std::string("caf\u00e9");
  put.item.metadata["price"] = 12.5;
  put.item.metadata["used"] = true;
  put.item.metadata["made"] = absl::FromUnixMicros(1'700'000'000'123'456);
  put.item.metadata["tags"] = std::vector<std::string>{"red", "", "x"};
  put.item.source = "/pictures/1.jpg";
  put.item.picture = PictureFacts{.size_bytes = 123,
                                  .width = 640,
                                  .height = 480,
                                  .format = ImageFormat::kHeic};
  put.item.picture->content_hash.fill(0xAB);
  put.item.hash.emplace();
  put.item.hash->bits.fill(0xCD);
  put.item.hash->quality = 77;
  put.item.thumbnail_jpeg = std::string("\xff\xd8\0x", 4);
  ASSERT_OK_AND_ASSIGN(const auto op_ids, collection().Upsert({put}));
  Reopen();
  ASSERT_OK_AND_ASSIGN(Item item,
                       collection().Get(put.item.id, {.thumbnail = true}));
  EXPECT_EQ(item.id, put.item.id);
  EXPECT_EQ(item.metadata, put.item.metadata);
  EXPECT_EQ(item.source, put.item.source);
  EXPECT_EQ(item.picture, put.item.picture);
  EXPECT_EQ(item.hash, put.item.hash);
  EXPECT_EQ(item.thumbnail_jpeg, put.item.thumbnail_jpeg);
  EXPECT_EQ(item.op_id, op_ids[0]);
  EXPECT_EQ(item.created, item.updated);
  ASSERT_OK_AND_ASSIGN(item, collection().Get(put.item.id, {}));
  EXPECT_EQ(item.thumbnail_jpeg, "");
}

TEST_F(CollectionTest, CreatedIsTheTimeOfTheFirstVersionSinceADelete) {
  ASSERT_OK(Put("a", 1));
  ASSERT_OK_AND_ASSIGN(const Item first, collection().Get("a", {}));
  ASSERT_OK(Put("a", 2));
  ASSERT_OK_AND_ASSIGN(const Item second, collection().Get("a", {}));
  EXPECT_EQ(second.created, first.created);
  EXPECT_GT(second.updated, first.updated);
  ASSERT_OK(collection().Delete({"a"}));
  ASSERT_OK(Put("a", 3));
  ASSERT_OK_AND_ASSIGN(const Item third, collection().Get("a", {}));
  EXPECT_GT(third.created, second.updated);
}

TEST_F(CollectionTest, ListsInTheOrderOfBytesPageAfterPage) {
  std::vector<std::string> ids = {"B", "a", "a/b", "aa", "z", "\u00e9"};
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) ASSERT_OK(Put(*id));
  std::vector<std::string> listed;
  std::string start;
  do {
    ASSERT_OK_AND_ASSIGN(const ItemPage page, collection().List(start, 4, {}));
    for (const Item& item : page.items) listed.push_back(item.id);
    start = page.next_id;
  } while (!start.empty());
  EXPECT_EQ(listed, ids);
  EXPECT_THAT(collection().List("", 0, {}), BlamesField("limit"));
  EXPECT_THAT(collection().List("", 1001, {}), BlamesField("limit"));
}

TEST_F(CollectionTest, OneBadItemOfACallRefusesAllOfIt) {
  Mutation bad = VersionedPut("bad", 1);
  bad.vectors[Space::kSimilar][3] = std::numeric_limits<float>::quiet_NaN();
  const auto refused = collection().Upsert({VersionedPut("good", 1), bad});
  EXPECT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, "\"bad\""));
  EXPECT_THAT(refused, BlamesField("vectors.similar"));
  EXPECT_EQ(collection().size(), 0U);
}

TEST_F(CollectionTest, RefusesVectorsOfAnotherModel) {
  Mutation put = VersionedPut("a", 1);
  put.item.model_id = "another";
  const auto refused = collection().Upsert({put});
  EXPECT_THAT(refused, Fails(absl::StatusCode::kFailedPrecondition, "another"));
  EXPECT_THAT(refused, HasReason(kReasonModelMismatch));
}

TEST_F(CollectionTest, RefusesSearchesThatAreOutOfRange) {
  ASSERT_OK(Put("a"));
  const SearchRequest good = Near("a");
  SearchRequest request = good;
  request.k = 0;
  EXPECT_THAT(collection().Search(request), BlamesField("k"));
  request.k = 1001;
  EXPECT_THAT(collection().Search(request), BlamesField("k"));
  request = good;
  request.min_similarity = 1.5F;
  EXPECT_THAT(collection().Search(request), BlamesField("min_similarity"));
  request = good;
  request.target = std::vector<float>(3, 1.0F);
  EXPECT_THAT(collection().Search(request), BlamesField("vector"));
  request.target = std::vector<float>(8, 0.0F);
  EXPECT_THAT(collection().Search(request), BlamesField("vector"));
  request.target = std::string("\xff");
  EXPECT_THAT(collection().Search(request), BlamesField("item_id"));
}

TEST_F(CollectionTest, CallsWithNothingDoNothing) {
  ASSERT_OK_AND_ASSIGN(const auto put, collection().Upsert({}));
  ASSERT_OK_AND_ASSIGN(const auto deleted, collection().Delete({}));
  EXPECT_TRUE(put.empty());
  EXPECT_TRUE(deleted.empty());
  EXPECT_EQ(collection().last_op_id(), 0U);
}

}  // namespace
}  // namespace likeness
