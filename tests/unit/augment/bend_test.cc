#include "engine/augment/bend.h"

#include <algorithm>
#include <cmath>

#include "gtest/gtest.h"

namespace likeness {
namespace {

double Length(Point point) { return std::hypot(point.x, point.y); }

TEST(BendTest, MovesNothingUntilItIsDrawn) {
  const Bend bend;
  EXPECT_TRUE(bend.empty());
  EXPECT_EQ(Length(bend({0.3, -0.7})), 0);
}

TEST(BendTest, StaysWithinItsReachAndUsesIt) {
  double largest = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    const Bend bend = Bend::Draw(0.2, random);
    EXPECT_FALSE(bend.empty());
    for (double x = -1; x <= 1; x += 0.125) {
      for (double y = -1; y <= 1; y += 0.125) {
        const Point move = bend({x, y});
        ASSERT_LE(std::max(std::abs(move.x), std::abs(move.y)), 0.2);
        largest = std::max({largest, std::abs(move.x), std::abs(move.y)});
      }
    }
  }
  EXPECT_GT(largest, 0.1);
}

// Lines that cross no knot and lines that do.
TEST(BendTest, NeighboursMoveAlike) {
  Random random(3);
  const Bend bend = Bend::Draw(0.2, random);
  constexpr double kStep = 1e-4;
  for (double x = -0.9; x < 0.9; x += 0.05) {
    const Point here = bend({x, 0.5});
    const Point near = bend({x + kStep, 0.5});
    // Neighbouring knots lie half a unit apart and differ by 0.4 at most.
    EXPECT_LT(Length({near.x - here.x, near.y - here.y}), 2 * kStep);
  }
}

}  // namespace
}  // namespace likeness
