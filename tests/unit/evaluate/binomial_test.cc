#include "engine/evaluate/binomial.h"

#include <cmath>

#include "engine/core/random.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(BinomialTest, IncompleteBetaHasItsClosedForms) {
  EXPECT_NEAR(IncompleteBeta(1, 1, 0.3), 0.3, 1e-13);
  EXPECT_NEAR(IncompleteBeta(2, 1, 0.3), 0.09, 1e-13);
  EXPECT_NEAR(IncompleteBeta(1, 3, 0.3), 1 - 0.343, 1e-13);
  // Two heads or more of five fair coins: 26/32.
  EXPECT_NEAR(IncompleteBeta(2, 4, 0.5), 26.0 / 32, 1e-13);
  EXPECT_EQ(IncompleteBeta(2, 3, 0), 0);
  EXPECT_EQ(IncompleteBeta(2, 3, 1), 1);
  // Symmetric about the middle, also where it takes many terms.
  EXPECT_NEAR(IncompleteBeta(5e5, 5e5, 0.5), 0.5, 1e-8);
}

TEST(BinomialTest, LowerBoundWithoutFailuresIsTheRuleOfThree) {
  EXPECT_NEAR(LowerBound(59, 0, 0.95), std::pow(0.05, 1.0 / 59), 1e-9);
  EXPECT_NEAR(LowerBound(1, 0, 0.95), 0.05, 1e-9);
  EXPECT_EQ(LowerBound(0, 10, 0.95), 0);
}

TEST(BinomialTest, LowerBoundOfPublishedExample) {
  // Nine of ten; 0.6058 is R's binom.test(9, 10, alternative = "greater").
  EXPECT_NEAR(LowerBound(9, 1, 0.95), 0.6058, 5e-5);
}

TEST(BinomialTest, TheBoundHoldsAsOftenAsItSays) {
  Random random(4);
  int above_truth = 0;
  for (int turn = 0; turn < 2000; ++turn) {
    int successes = 0;
    for (int i = 0; i < 80; ++i) successes += random.Chance(0.9) ? 1 : 0;
    if (LowerBound(successes, 80 - successes, 0.95) > 0.9) ++above_truth;
  }
  EXPECT_LE(above_truth, 120);  // 5 %, with room for chance.
}

}  // namespace
}  // namespace likeness
