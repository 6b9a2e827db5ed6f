#include "engine/keypoints/plane_map.h"

#include <numbers>
#include <vector>

#include "gtest/gtest.h"

namespace likeness {
namespace {

constexpr double kRightAngle = std::numbers::pi / 2;

TEST(PlaneMapTest, SimilarityWorkedByHand) {
  // Doubled and turned to the right: what was to the right of the point is now
  // below it.
  const PlaneMap map =
      PlaneMap::Similarity({10, 20}, {100, 200}, 2, kRightAngle);
  const PlanePoint at = map({13, 20});
  EXPECT_NEAR(at.x, 100, 1e-9);
  EXPECT_NEAR(at.y, 206, 1e-9);
  EXPECT_NEAR(map.Scale(), 2, 1e-12);
  EXPECT_NEAR(map.Turn(), kRightAngle, 1e-12);
  EXPECT_NEAR(map.Stretch(), 1, 1e-6);
}

TEST(PlaneMapTest, StretchIsTheRatioOfTheSingularValues) {
  const PlaneMap map{.a = 3, .e = 0.5};
  EXPECT_NEAR(map.Stretch(), 6, 1e-9);
  EXPECT_NEAR(map.Scale(), std::numbers::sqrt3 / std::numbers::sqrt2, 1e-12);
}

TEST(PlaneMapTest, FitFindsTheAffineMappingOfExactPairs) {
  const PlaneMap truth{
      .a = 1.2, .b = -0.3, .c = 7, .d = 0.4, .e = 0.8, .f = -5};
  std::vector<PointPair> pairs;
  for (const PlanePoint point :
       {PlanePoint{0, 0}, {50, 3}, {10, 70}, {90, 40}}) {
    pairs.push_back({point, truth(point)});
  }
  const auto map = FitPlaneMap(pairs);
  ASSERT_TRUE(map.has_value());
  EXPECT_NEAR(map->a, truth.a, 1e-9);
  EXPECT_NEAR(map->b, truth.b, 1e-9);
  EXPECT_NEAR(map->c, truth.c, 1e-9);
  EXPECT_NEAR(map->d, truth.d, 1e-9);
  EXPECT_NEAR(map->e, truth.e, 1e-9);
  EXPECT_NEAR(map->f, truth.f, 1e-9);
}

TEST(PlaneMapTest, APlaceOnALineGetsASimilarity) {
  const PlaneMap truth = PlaneMap::Similarity({0, 0}, {5, 6}, 0.5, 0.3);
  std::vector<PointPair> pairs;
  for (int i = 0; i < 6; ++i) {
    const PlanePoint point{10.0 * i, 20.0 * i};
    pairs.push_back({point, truth(point)});
  }
  const auto map = FitPlaneMap(pairs);
  ASSERT_TRUE(map.has_value());
  EXPECT_NEAR(map->Scale(), 0.5, 1e-9);
  EXPECT_NEAR(map->Turn(), 0.3, 1e-9);
}

TEST(PlaneMapTest, NothingFitsNoPairsOrOneSpot) {
  EXPECT_FALSE(FitPlaneMap({}).has_value());
  const std::vector<PointPair> spot(5, {{3, 4}, {5, 6}});
  EXPECT_FALSE(FitPlaneMap(spot).has_value());
}

TEST(PlaneMapTest, SmallestSpreadIsAcrossTheLine) {
  EXPECT_EQ(SmallestSpread({}), 0);
  const std::vector<PlanePoint> line = {{0, 0}, {1, 1}, {2, 2}};
  EXPECT_NEAR(SmallestSpread(line), 0, 1e-6);
  const std::vector<PlanePoint> box = {{0, 0}, {10, 0}, {0, 4}, {10, 4}};
  EXPECT_NEAR(SmallestSpread(box), 2, 1e-9);
}

}  // namespace
}  // namespace likeness
