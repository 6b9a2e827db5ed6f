#include "engine/augment/projection.h"

#include <array>

#include "gtest/gtest.h"

namespace likeness {
namespace {

void ExpectAt(Point point, double x, double y) {
  EXPECT_NEAR(point.x, x, 1e-9);
  EXPECT_NEAR(point.y, y, 1e-9);
}

TEST(ProjectionTest, TurnIsToTheRightOnAPage) {
  // What points up points right after a quarter turn.
  ExpectAt(Projection::Turn(90)({0, -1}), 1, 0);
  ExpectAt(Projection::Turn(-90)({0, -1}), -1, 0);
}

TEST(ProjectionTest, AfterAppliesTheInnerFirst) {
  const Projection both =
      Projection::Shift(10, 0).After(Projection::Scale(2, 3));
  ExpectAt(both({1, 1}), 12, 3);
  EXPECT_TRUE(both.IsAffine());
}

TEST(ProjectionTest, SquareGoesToTheCorners) {
  const std::array<Point, 4> corners = {
      {{-0.9, -0.7}, {0.8, -1}, {0.6, 0.9}, {-1, 0.5}}};
  const Projection projection = Projection::SquareTo(corners);
  EXPECT_FALSE(projection.IsAffine());
  ExpectAt(projection({-1, -1}), -0.9, -0.7);
  ExpectAt(projection({1, -1}), 0.8, -1);
  ExpectAt(projection({1, 1}), 0.6, 0.9);
  ExpectAt(projection({-1, 1}), -1, 0.5);
}

TEST(ProjectionTest, TheSquareItselfIsTheIdentity) {
  const Projection projection =
      Projection::SquareTo({{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}});
  ExpectAt(projection({0.3, -0.2}), 0.3, -0.2);
  EXPECT_TRUE(projection.IsAffine());
}

}  // namespace
}  // namespace likeness
