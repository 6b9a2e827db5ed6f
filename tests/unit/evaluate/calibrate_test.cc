#include "engine/evaluate/calibrate.h"

#include <cmath>

#include "engine/core/random.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;

// Pairs whose truth is known: similarities are normal with a deviation of .1,
// those of matches around .4 + reach and those of others around .4 - reach.
struct Truth {
  double reach = 0.2;
  double prior = 0.5;

  std::vector<CalibrationPair> Draw(int matches, int others,
                                    uint64_t seed) const {
    Random random(seed);
    std::vector<CalibrationPair> pairs;
    for (int i = 0; i < matches + others; ++i) {
      const bool match = i < matches;
      const double centre = match ? 0.4 + reach : 0.4 - reach;
      pairs.push_back(
          {static_cast<float>(centre + 0.1 * random.Normal()), match});
    }
    return pairs;
  }

  // Bayes: the ratio of the two normal densities times the prior odds.
  double Probability(double similarity) const {
    const double odds =
        prior / (1 - prior) * std::exp((similarity - 0.4) * 2 * reach / 0.01);
    return odds / (1 + odds);
  }

  // Share of matches at or above a threshold.
  double Precision(double threshold) const {
    const double right = prior * Above((threshold - 0.4 - reach) / 0.1);
    const double wrong = (1 - prior) * Above((threshold - 0.4 + reach) / 0.1);
    return right / (right + wrong);
  }

  static double Above(double x) { return 0.5 * std::erfc(x / std::sqrt(2)); }
};

TEST(CalibrateTest, PlattRecoversTheTruthBelowAThousandPairs) {
  // The mean of 20 fits: one alone is off by some hundredths by chance.
  constexpr int kFits = 20;
  for (const double prior : {0.5, 0.05}) {
    const Truth truth{.reach = 0.1, .prior = prior};
    std::vector<Calibration> fits;
    for (uint64_t seed = 0; seed < kFits; ++seed) {
      ASSERT_OK_AND_ASSIGN(
          Calibration fitted,
          Calibrate(truth.Draw(450, 450, seed), {.prior = prior}));
      EXPECT_EQ(fitted.method, "platt");
      EXPECT_EQ(fitted.matches, 450);
      fits.push_back(std::move(fitted));
    }
    for (float similarity = 0.1F; similarity < 0.75F; similarity += 0.05F) {
      double mean = 0;
      for (const Calibration& fitted : fits) {
        mean += fitted.Probability(similarity) / kFits;
      }
      EXPECT_NEAR(mean, truth.Probability(similarity), 0.04)
          << similarity << " at " << prior;
    }
  }
}

TEST(CalibrateTest, IsotonicRecoversTheTruthFromAThousandPairsOn) {
  for (const double prior : {0.5, 0.05}) {
    const Truth truth{.prior = prior};
    ASSERT_OK_AND_ASSIGN(
        const Calibration fitted,
        Calibrate(truth.Draw(20'000, 60'000, 2), {.prior = prior}));
    EXPECT_EQ(fitted.method, "isotonic");
    double last = 0;
    for (float similarity = -0.2F; similarity < 1.1F; similarity += 0.01F) {
      const double probability = fitted.Probability(similarity);
      EXPECT_NEAR(probability, truth.Probability(similarity), 0.09)
          << similarity << " at " << prior;
      EXPECT_GE(probability, last);
      last = probability;
    }
    EXPECT_LT(last, 1);
  }
}

TEST(CalibrateTest, ThresholdsKeepTheirPrecisionOnFreshData) {
  // The true precision of the threshold has to meet what was asked for in nine
  // of ten fits: the bounds say 95 %, looking at many thresholds costs some.
  constexpr int kFits = 200;
  const Truth truth{.prior = 0.1};
  int kept = 0;
  for (int fit = 0; fit < kFits; ++fit) {
    ASSERT_OK_AND_ASSIGN(
        const Calibration fitted,
        Calibrate(truth.Draw(500, 4000, 100 + static_cast<uint64_t>(fit)),
                  {.prior = 0.1, .precisions = {0.95}}));
    ASSERT_EQ(fitted.thresholds.size(), 1U);
    const CalibratedThreshold& threshold = fitted.thresholds[0];
    EXPECT_GE(threshold.lower_bound, 0.95);
    EXPECT_GE(threshold.observed, threshold.lower_bound);
    EXPECT_GT(threshold.recall, 0.5);
    if (truth.Precision(threshold.similarity) >= 0.95) ++kept;
  }
  EXPECT_GE(kept, kFits * 9 / 10);
}

TEST(CalibrateTest, TheLowestThresholdThatMeetsThePrecisionIsTaken) {
  // 60 matches above all else: .05^(1/60) = .951 of certainty at the prior of
  // the data itself. Then one other pair: 59.. no bound of 61 pairs with one
  // failure meets .95 (.924), and 40 more matches with it do (.954).
  std::vector<CalibrationPair> pairs;
  for (int i = 0; i < 60; ++i) pairs.push_back({0.9F, true});
  pairs.push_back({0.8F, false});
  for (int i = 0; i < 40; ++i) pairs.push_back({0.7F, true});
  for (int i = 0; i < 99; ++i) pairs.push_back({0.1F, false});
  ASSERT_OK_AND_ASSIGN(const Calibration fitted,
                       Calibrate(pairs, {.prior = 0.5, .precisions = {0.95}}));
  ASSERT_EQ(fitted.thresholds.size(), 1U);
  EXPECT_EQ(fitted.thresholds[0].similarity, 0.7F);
  EXPECT_EQ(fitted.thresholds[0].accepted, 101);
  EXPECT_EQ(fitted.thresholds[0].recall, 1);
  EXPECT_NEAR(fitted.thresholds[0].observed, 100 / 101.0, 1e-12);
  EXPECT_NEAR(fitted.thresholds[0].lower_bound, 0.954, 0.0006);
}

TEST(CalibrateTest, ThePriorCountsFalseAcceptsAsOftenAsTheyWillCome) {
  // Half of the pairs held out match; one in a hundred will. One false accept
  // among 100 pairs is then worth 99, and the bound of .953 becomes .17.
  std::vector<CalibrationPair> pairs;
  for (int i = 0; i < 99; ++i) pairs.push_back({0.9F, true});
  pairs.push_back({0.9F, false});
  for (int i = 0; i < 98; ++i) pairs.push_back({0.1F, false});
  ASSERT_OK_AND_ASSIGN(const Calibration fitted,
                       Calibrate(pairs, {.prior = 0.01, .precisions = {0.15}}));
  ASSERT_EQ(fitted.thresholds.size(), 1U);
  EXPECT_NEAR(fitted.thresholds[0].observed, 0.5, 1e-9);
  EXPECT_NEAR(fitted.thresholds[0].lower_bound, 0.17, 0.005);
}

TEST(CalibrateTest, WhatTheDataCannotSupportIsRefusedWithItsPrice) {
  // 20 matches apart from 20 others: a bound of .05^(1/20) = .861. For .99 it
  // takes 299 matches without a mistake (.05^(1/299) = .99003), 598 pairs.
  std::vector<CalibrationPair> pairs;
  for (int i = 0; i < 20; ++i) pairs.push_back({0.9F, true});
  for (int i = 0; i < 20; ++i) pairs.push_back({0.1F, false});
  ASSERT_OK_AND_ASSIGN(
      const Calibration fitted,
      Calibrate(pairs, {.prior = 0.5, .precisions = {0.99, 0.85}}));
  ASSERT_EQ(fitted.thresholds.size(), 1U);
  EXPECT_EQ(fitted.thresholds[0].precision, 0.85);
  ASSERT_EQ(fitted.refused.size(), 1U);
  EXPECT_EQ(fitted.refused[0].precision, 0.99);
  EXPECT_NEAR(static_cast<double>(fitted.refused[0].pairs_needed), 598, 2);
  EXPECT_THAT(fitted.ThresholdFor(0.99).status(),
              Fails(absl::StatusCode::kNotFound, "held-out pairs"));
}

TEST(CalibrateTest, APrecisionOutOfReachHasNoPrice) {
  std::vector<CalibrationPair> pairs;
  for (int i = 0; i < 50; ++i) {
    pairs.push_back({0.9F, i % 5 != 0});
    pairs.push_back({0.1F, i % 5 == 0});
  }
  ASSERT_OK_AND_ASSIGN(const Calibration fitted,
                       Calibrate(pairs, {.prior = 0.5, .precisions = {0.9}}));
  EXPECT_TRUE(fitted.thresholds.empty());
  ASSERT_EQ(fitted.refused.size(), 1U);
  EXPECT_EQ(fitted.refused[0].pairs_needed, 0);
}

TEST(CalibrateTest, BadInputIsNamed) {
  const std::vector<CalibrationPair> only_matches = {{0.5F, true}};
  EXPECT_THAT(Calibrate(only_matches, {}), BlamesField("pairs"));
  EXPECT_THAT(Calibrate(Truth().Draw(5, 5, 1), {.prior = 0}),
              BlamesField("prior"));
  EXPECT_THAT(Calibrate(Truth().Draw(5, 5, 1), {.precisions = {0.9, 1}}),
              BlamesField("precisions"));
  std::vector<CalibrationPair> inverted = Truth().Draw(50, 50, 1);
  for (CalibrationPair& pair : inverted) pair.match = !pair.match;
  EXPECT_THAT(Calibrate(inverted, {}), BlamesField("pairs"));
}

}  // namespace
}  // namespace likeness
