// What the figures of a hit are worth.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/collection/collection.h"
#include "engine/collection/collection_set.h"
#include "engine/core/distance.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::RandomVector;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;

constexpr int kDimensions = 256;
constexpr int kItems = 200;

// Items "0" to "199" with random vectors.
class SimilarityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    CollectionSpec spec = TestSpec();
    spec.dimensions[Space::kSimilar] = kDimensions;
    spec.dimensions[Space::kCopy] = 0;
    ASSERT_OK_AND_ASSIGN(set_, CollectionSet::Open(dir_.path(), true));
    ASSERT_OK_AND_ASSIGN(collection_, set_->Create(spec));
    std::mt19937_64 random(1);
    std::vector<Mutation> puts(kItems);
    for (size_t i = 0; i < puts.size(); ++i) {
      vectors_.push_back(RandomVector(kDimensions, random));
      puts[i].item.id = std::to_string(i);
      puts[i].vectors[Space::kSimilar] = vectors_.back();
    }
    ASSERT_OK(collection_->Upsert(std::move(puts)));
  }

  SearchResult Search(SearchTarget target, float min_similarity) {
    SearchRequest request;
    request.target = std::move(target);
    request.k = kItems;
    request.min_similarity = min_similarity;
    auto result = collection_->Search(request);
    EXPECT_OK(result);
    return result.ok() ? *std::move(result) : SearchResult();
  }

  TempDir dir_;
  std::unique_ptr<CollectionSet> set_;
  std::shared_ptr<Collection> collection_;
  std::vector<std::vector<float>> vectors_;
};

TEST_F(SimilarityTest, TheSameVectorIsOneAlikeAndZeroApart) {
  for (size_t i = 0; i < vectors_.size(); ++i) {
    const SearchResult result = Search(vectors_[i], 1);
    ASSERT_EQ(result.hits.size(), 1U) << i;
    EXPECT_EQ(result.hits[0].id, std::to_string(i));
    EXPECT_EQ(result.hits[0].similarity, 1) << i;
    EXPECT_EQ(result.hits[0].distance, 0) << i;
  }
}

TEST_F(SimilarityTest, TheFiguresAreThoseOfDoublePrecision) {
  const SearchResult result = Search(vectors_[0], -1);
  ASSERT_EQ(result.hits.size(), kItems);
  for (const Hit& hit : result.hits) {
    const std::vector<float>& vector = vectors_[std::stoul(hit.id)];
    // Stored vectors are rounded to float32 when they get unit length.
    EXPECT_NEAR(hit.similarity, CosineSimilarity(vectors_[0], vector), 2e-7);
    EXPECT_NEAR(hit.distance * hit.distance,
                2 - 2 * static_cast<double>(hit.similarity), 1e-6);
  }
  EXPECT_TRUE(std::is_sorted(
      result.hits.begin(), result.hits.end(),
      [](const Hit& a, const Hit& b) { return a.similarity > b.similarity; }));
}

TEST_F(SimilarityTest, AHitsOwnSimilarityIsAThresholdThatItReaches) {
  const SearchResult all = Search(vectors_[0], -1);
  for (size_t i = 0; i < all.hits.size(); ++i) {
    const SearchResult result = Search(vectors_[0], all.hits[i].similarity);
    ASSERT_GT(result.hits.size(), i);
    EXPECT_EQ(result.hits[i].id, all.hits[i].id);
    EXPECT_GE(result.hits.back().similarity, all.hits[i].similarity);
  }
}

}  // namespace
}  // namespace likeness
