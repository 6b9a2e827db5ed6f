#include "engine/core/distance.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(DistanceTest, RightAngleIsZeroSimilarityAndRootTwoApart) {
  const std::vector<float> a = {1, 0};
  const std::vector<float> b = {0, 1};
  EXPECT_FLOAT_EQ(CosineSimilarity(a, b), 0);
  EXPECT_FLOAT_EQ(EuclideanDistance(a, b), std::sqrt(2.0F));
  EXPECT_FLOAT_EQ(ManhattanDistance(a, b), 2);
}

TEST(DistanceTest, OppositeVectorsReachTheFarEndsOfTheRanges) {
  const std::vector<float> a = {0.6F, 0.8F};
  const std::vector<float> b = {-0.6F, -0.8F};
  EXPECT_FLOAT_EQ(CosineSimilarity(a, b), -1);
  EXPECT_FLOAT_EQ(EuclideanDistance(a, b), 2);
  EXPECT_FLOAT_EQ(ManhattanDistance(a, b), 2.8F);
}

TEST(DistanceTest, CosineIgnoresLengthAndTheOthersDoNot) {
  const std::vector<float> a = {1, 2, 3};
  const std::vector<float> b = {2, 4, 6};
  EXPECT_FLOAT_EQ(CosineSimilarity(a, b), 1);
  EXPECT_FLOAT_EQ(EuclideanDistance(a, b), std::sqrt(14.0F));
  EXPECT_FLOAT_EQ(ManhattanDistance(a, b), 6);
}

TEST(DistanceTest, AVectorWithItselfNeverExceedsOne) {
  std::vector<float> a(1280);
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = std::sin(static_cast<float>(i) * 0.37F) / 25.0F;
  }
  EXPECT_LE(CosineSimilarity(a, a), 1.0F);
  EXPECT_FLOAT_EQ(CosineSimilarity(a, a), 1.0F);
  EXPECT_EQ(EuclideanDistance(a, a), 0);
  EXPECT_EQ(ManhattanDistance(a, a), 0);
}

TEST(DistanceTest, UnitVectorsTieCosineToEuclidean) {
  const std::vector<float> a = {0.6F, 0.8F, 0};
  const std::vector<float> b = {0, 0.8F, 0.6F};
  // |a - b|^2 = 2 - 2 cos(a, b).
  const float euclidean = EuclideanDistance(a, b);
  EXPECT_FLOAT_EQ(euclidean * euclidean, 2 - 2 * CosineSimilarity(a, b));
}

TEST(DistanceTest, AVectorWithoutLengthIsLikeNothing) {
  const std::vector<float> zero = {0, 0};
  const std::vector<float> a = {1, 0};
  EXPECT_EQ(CosineSimilarity(zero, a), 0);
  EXPECT_EQ(CosineSimilarity({}, {}), 0);
}

}  // namespace
}  // namespace likeness
