// Items with several vectors, from the API to the disk and back.
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

class ServerVectorsTest : public RealServerTest {
 protected:
  using Points = std::vector<std::pair<float, float>>;

  void Put(const std::string& id, const Points& points) {
    v1::UpsertItemRequest request =
        VectorUpsert(name_, id, points[0].first, points[0].second);
    for (size_t i = 1; i < points.size(); ++i) {
      *request.mutable_vectors()->add_vectors() =
          VectorUpsert(name_, id, points[i].first, points[i].second)
              .vectors()
              .vectors(0);
    }
    ASSERT_OK(client().Call(request));
  }

  void SetUp() override {
    RealServerTest::SetUp();
    if (!IsSkipped()) name_ = MakeVectorCollection();
  }

  std::string name_;
};

TEST_F(ServerVectorsTest, ComeBackNormalisedInTheirOrder) {
  Put("a", {{3, 4}, {0, -2}, {1, 0}});
  v1::GetItemRequest get;
  get.set_collection(name_);
  get.set_id("a");
  ASSERT_OK_AND_ASSIGN(const auto without, client().Call(get));
  EXPECT_FALSE(without.has_vectors());
  get.set_with_vectors(true);
  ASSERT_OK_AND_ASSIGN(const auto with, client().Call(get));
  EXPECT_EQ(with.item().id(), "a");
  ASSERT_EQ(with.vectors().vectors_size(), 3);
  const Points expected = {{0.6F, 0.8F}, {0, -1}, {1, 0}};
  for (int i = 0; i < 3; ++i) {
    const v1::Vector& vector = with.vectors().vectors(i);
    EXPECT_EQ(vector.space(), v1::SPACE_SIMILAR);
    ASSERT_EQ(vector.values_size(), 2);
    EXPECT_FLOAT_EQ(vector.values(0), expected[static_cast<size_t>(i)].first);
    EXPECT_FLOAT_EQ(vector.values(1), expected[static_cast<size_t>(i)].second);
  }
  get.set_id("nobody");
  EXPECT_FALSE(client().Call(get).ok());
}

TEST_F(ServerVectorsTest, AHitNamesTheNearestAndPagesHaveEachItemOnce) {
  Put("a", {{0, 1}, {1, 0.1F}, {1, 0.2F}});
  Put("b", {{1, 0.3F}});
  Put("c", {{-1, 0}, {0, -1}, {1, 0.4F}, {1, 0.5F}});
  v1::SearchRequest search;
  search.set_collection(name_);
  search.mutable_vector()->add_values(1);
  search.mutable_vector()->add_values(0);
  search.set_k(1);
  search.set_paged(true);
  std::vector<v1::Hit> hits;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, client().Call(search));
    EXPECT_TRUE(page.exact());
    for (const v1::Hit& hit : page.hits()) hits.push_back(hit);
    search.set_page_token(page.next_page_token());
  } while (!search.page_token().empty());
  ASSERT_EQ(hits.size(), 3U);
  EXPECT_EQ(hits[0].item().id(), "a");
  EXPECT_EQ(hits[0].vector_index(), 1);
  EXPECT_EQ(hits[0].vector_count(), 3);
  EXPECT_EQ(hits[1].item().id(), "b");
  EXPECT_EQ(hits[1].vector_index(), 0);
  EXPECT_EQ(hits[1].vector_count(), 1);
  EXPECT_EQ(hits[2].item().id(), "c");
  EXPECT_EQ(hits[2].vector_index(), 2);
  EXPECT_EQ(hits[2].vector_count(), 4);
}

// The token of its pages has all of its vectors in it.
TEST_F(ServerVectorsTest, AnItemOfSixtyFourVectorsIsSearchedWithInPages) {
  Points points;
  for (int i = 0; i < 64; ++i) points.emplace_back(64 - i, i);
  Put("query", points);
  for (int i = 0; i < 5; ++i) {
    Put("item" + std::to_string(i), {{1, static_cast<float>(2 * i)}, {-1, -1}});
  }
  v1::SearchRequest search;
  search.set_collection(name_);
  search.set_item_id("query");
  search.set_k(2);
  search.set_paged(true);
  int hits = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, client().Call(search));
    hits += page.hits_size();
    search.set_page_token(page.next_page_token());
  } while (!search.page_token().empty());
  EXPECT_EQ(hits, 5);
}

TEST_F(ServerVectorsTest, WhichOneIsAtFaultIsNamed) {
  v1::UpsertItemRequest request = VectorUpsert(name_, "a", 1, 0);
  const v1::Vector good = request.vectors().vectors(0);
  v1::Vectors& vectors = *request.mutable_vectors();
  while (vectors.vectors_size() < 64) *vectors.add_vectors() = good;
  v1::Vector& third = *vectors.mutable_vectors(2);
  third.set_values(1, std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(client().Call(request), BlamesField("vectors.vectors[2].values"));
  third = good;
  third.add_values(1);
  EXPECT_THAT(client().Call(request), BlamesField("vectors.vectors[2].values"));
  third = good;
  ASSERT_OK(client().Call(request));
  *vectors.add_vectors() = good;
  EXPECT_THAT(client().Call(request), BlamesField("vectors.vectors[64]"));
}

}  // namespace
}  // namespace likeness::testing
