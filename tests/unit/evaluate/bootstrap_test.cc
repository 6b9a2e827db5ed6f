#include "engine/evaluate/bootstrap.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "engine/core/random.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

// The mean of one number a class.
WeightedFigures MeanOf(const std::vector<double>& numbers) {
  return [numbers](absl::Span<const double> weights) {
    double sum = 0;
    double total = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
      sum += weights[i] * numbers[i];
      total += weights[i];
    }
    return std::vector<double>{sum / total};
  };
}

TEST(BootstrapTest, ValueIsThatOfTheData) {
  const auto estimates = BootstrapByClass(3, MeanOf({1, 2, 6}), {});
  ASSERT_EQ(estimates.size(), 1U);
  EXPECT_EQ(estimates[0].value, 3);
  EXPECT_LT(estimates[0].low, 3);
  EXPECT_GT(estimates[0].high, 3);
  EXPECT_GE(estimates[0].low, 1);
  EXPECT_LE(estimates[0].high, 6);
}

TEST(BootstrapTest, ClassesThatAgreeLeaveNoDoubt) {
  const auto estimates = BootstrapByClass(5, MeanOf({4, 4, 4, 4, 4}), {});
  EXPECT_EQ(estimates[0].low, 4);
  EXPECT_EQ(estimates[0].high, 4);
}

TEST(BootstrapTest, SameSeedSameInterval) {
  const auto first = BootstrapByClass(3, MeanOf({1, 2, 6}), {.seed = 9});
  const auto again = BootstrapByClass(3, MeanOf({1, 2, 6}), {.seed = 9});
  EXPECT_EQ(first[0].low, again[0].low);
  EXPECT_EQ(first[0].high, again[0].high);
}

TEST(BootstrapTest, IntervalsHoldTheTruthAboutAsOftenAsTheySay) {
  // 40 classes of a normal law with mean 0: 95 % intervals, 200 times.
  int held = 0;
  for (uint64_t turn = 0; turn < 200; ++turn) {
    Random random(turn);
    std::vector<double> numbers(40);
    for (double& number : numbers) number = random.Normal();
    const auto estimates = BootstrapByClass(numbers.size(), MeanOf(numbers),
                                            {.resamples = 200, .seed = turn});
    if (estimates[0].low <= 0 && estimates[0].high >= 0) ++held;
  }
  EXPECT_GE(held, 176);  // 88 %: the percentile interval is a bit narrow.
  EXPECT_LE(held, 199);
}

TEST(BootstrapTest, ResamplesWithoutAFigureAreLeftOut) {
  const auto estimates = BootstrapByClass(
      2,
      [](absl::Span<const double> weights) {
        return std::vector<double>{
            weights[0] == 0 ? std::numeric_limits<double>::quiet_NaN() : 7};
      },
      {});
  EXPECT_EQ(estimates[0].low, 7);
  EXPECT_EQ(estimates[0].high, 7);
}

}  // namespace
}  // namespace likeness
