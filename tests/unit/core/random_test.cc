#include "engine/core/random.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(RandomTest, ScatterBitsIsSplitMix64) {
  // The first outputs of the authors' splitmix64.c for the state 1234567.
  uint64_t state = 1234567;
  const auto next = [&state] {
    const uint64_t result = ScatterBits(state);
    state += 0x9e3779b97f4a7c15U;
    return result;
  };
  EXPECT_EQ(next(), 6457827717110365317U);
  EXPECT_EQ(next(), 3203168211198807973U);
  EXPECT_EQ(next(), 9817491932198370423U);
}

TEST(RandomTest, TheSameSeedAndStreamGiveTheSameNumbers) {
  Random one(7, 3);
  Random two(7, 3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(one.Next(), two.Next());
}

TEST(RandomTest, SeedsAndStreamsDiffer) {
  std::set<uint64_t> firsts;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    for (uint64_t stream = 0; stream < 30; ++stream) {
      firsts.insert(Random(seed, stream).Next());
    }
  }
  EXPECT_EQ(firsts.size(), 900U);
}

TEST(RandomTest, UniformStaysInItsRangeAndFillsIt) {
  Random random(1);
  double sum = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.Uniform(-2, 4);
    ASSERT_GE(value, -2);
    ASSERT_LT(value, 4);
    sum += value;
  }
  EXPECT_NEAR(sum / kDraws, 1, 0.02);
  EXPECT_EQ(random.Uniform(5, 5), 5);
}

TEST(RandomTest, BelowIsEven) {
  Random random(2);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[random.Below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 400);
  EXPECT_EQ(random.Below(1), 0U);
}

TEST(RandomTest, NormalHasMeanZeroAndVarianceOne) {
  Random random(3);
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.Normal();
    sum += value;
    squares += value * value;
    if (value > 2 || value < -2) ++beyond_two;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.015);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
  // 4.55 % for the normal distribution.
  EXPECT_NEAR(beyond_two / static_cast<double>(kDraws), 0.0455, 0.004);
}

TEST(RandomTest, ChanceKeepsItsEnds) {
  Random random(4);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(random.Chance(0));
    EXPECT_TRUE(random.Chance(1));
  }
}

TEST(RandomTest, ShuffleReachesEveryOrder) {
  Random random(5);
  std::set<std::vector<int>> orders;
  for (int i = 0; i < 1000; ++i) {
    std::vector<int> values = {1, 2, 3, 4};
    random.Shuffle(values);
    orders.insert(values);
  }
  EXPECT_EQ(orders.size(), 24U);
}

}  // namespace
}  // namespace likeness
