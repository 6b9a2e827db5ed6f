#include "engine/evaluate/verification.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/evaluate/plane_rows.h"

namespace likeness {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr int kLabels = 2;
const std::vector<double> kOnes(kLabels, 1.0);

ScoredPair Match(float similarity) {
  return {.similarity = similarity, .match = true, .label_a = 0, .label_b = 0};
}
ScoredPair Other(float similarity) {
  return {.similarity = similarity, .match = false, .label_a = 0, .label_b = 1};
}

TEST(VerificationTest, CurveWorkedByHand) {
  // Of the 3 x 2 comparisons of a match with another pair the matches win 5.
  const std::vector<ScoredPair> pairs = {Match(.9F), Match(.8F), Other(.7F),
                                         Match(.6F), Other(.5F)};
  const VerificationMetrics metrics = SummarizePairs(pairs, kOnes);
  EXPECT_NEAR(metrics.auc, 5.0 / 6, 1e-12);
  // From (0, 2/3) to (1/2, 2/3): false rejects are 1/3 all along.
  EXPECT_NEAR(metrics.eer, 1.0 / 3, 1e-12);
  const std::vector<RocPoint> curve = RocCurve(pairs);
  ASSERT_EQ(curve.size(), 5U);
  EXPECT_EQ(curve[2].threshold, .7F);
  EXPECT_EQ(curve[2].false_accepts, 0.5);
  EXPECT_NEAR(curve[2].true_accepts, 2.0 / 3, 1e-12);
}

TEST(VerificationTest, TiesCountHalfInWhateverOrder) {
  for (const bool match_first : {true, false}) {
    std::vector<ScoredPair> pairs = {Match(.5F), Other(.5F)};
    if (!match_first) std::swap(pairs[0], pairs[1]);
    const VerificationMetrics metrics = SummarizePairs(pairs, kOnes);
    EXPECT_EQ(metrics.auc, 0.5);
    EXPECT_EQ(metrics.eer, 0.5);
    EXPECT_EQ(RocCurve(pairs).size(), 1U);
  }
}

TEST(VerificationTest, PerfectAndInvertedOrder) {
  const std::vector<ScoredPair> perfect = {Match(.9F), Other(.1F)};
  EXPECT_EQ(SummarizePairs(perfect, kOnes).auc, 1.0);
  EXPECT_EQ(SummarizePairs(perfect, kOnes).eer, 0.0);
  const std::vector<ScoredPair> inverted = {Other(.9F), Match(.1F)};
  EXPECT_EQ(SummarizePairs(inverted, kOnes).auc, 0.0);
  EXPECT_EQ(SummarizePairs(inverted, kOnes).eer, 1.0);
}

TEST(VerificationTest, TrueAcceptsAtFixedFalseAccepts) {
  // 100 others from .99 down; a tenth of them is above .895. Matches at .95 and
  // .85: one of two is accepted with at most 10 others.
  std::vector<ScoredPair> pairs;
  for (int i = 0; i < 100; ++i) {
    pairs.push_back(Other(.99F - .01F * static_cast<float>(i)));
  }
  pairs.push_back(Match(.955F));
  pairs.push_back(Match(.855F));
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
    return a.similarity > b.similarity;
  });
  const VerificationMetrics metrics = SummarizePairs(pairs, kOnes);
  EXPECT_EQ(metrics.true_accepts[0], 0.5);
  // One in a hundred is a single pair: too few to say.
  EXPECT_TRUE(std::isnan(metrics.true_accepts[1]));
  EXPECT_TRUE(std::isnan(metrics.true_accepts[2]));
}

TEST(VerificationTest, WeightsRepeatClasses) {
  const std::vector<ScoredPair> pairs = {
      {.similarity = .9F, .match = true, .label_a = 0, .label_b = 0},
      {.similarity = .5F, .match = false, .label_a = 0, .label_b = 1},
      {.similarity = .3F, .match = true, .label_a = 1, .label_b = 1}};
  EXPECT_EQ(SummarizePairs(pairs, kOnes).auc, 0.5);
  const std::vector<double> weights = {3, 1};
  EXPECT_EQ(SummarizePairs(pairs, weights).auc, 0.75);
  const std::vector<double> only_first = {2, 0};
  EXPECT_TRUE(std::isnan(SummarizePairs(pairs, only_first).auc));
}

TEST(VerificationTest, PairsOfSmallSetsAreAllThere) {
  const std::vector<int> labels = {0, 0, 1, 0};
  const PairList list = ListPairs(labels, {});
  EXPECT_THAT(list.matches,
              UnorderedElementsAre(Pair(0, 1), Pair(0, 3), Pair(1, 3)));
  EXPECT_THAT(list.others,
              UnorderedElementsAre(Pair(0, 2), Pair(1, 2), Pair(2, 3)));
  const UnitRows rows = testing::AtAngles({0, 10, 60, 90});
  const std::vector<ScoredPair> scored = ScorePairs({rows, labels}, list);
  ASSERT_EQ(scored.size(), 6U);
  EXPECT_TRUE(scored[0].match);
  EXPECT_NEAR(scored[0].similarity, std::cos(10 * M_PI / 180), 1e-6);
  EXPECT_NEAR(scored[5].similarity, 0, 1e-6);
}

TEST(VerificationTest, SampledPairsAreSeededAndEvenlyDrawn) {
  std::vector<int> labels;
  for (int i = 0; i < 400; ++i) labels.push_back(i % 2);
  const PairOptions options{.max_pairs = 1000, .seed = 5};
  const PairList list = ListPairs(labels, options);
  EXPECT_EQ(list.matches.size(), 1000U);
  EXPECT_EQ(list.others.size(), 1000U);
  EXPECT_EQ(list.others, ListPairs(labels, options).others);
  // The first picture of a pair is on average at a third.
  double first = 0;
  for (const auto& [a, b] : list.others) first += static_cast<double>(a);
  EXPECT_NEAR(first / 1000, 400 / 3.0, 15);
}

}  // namespace
}  // namespace likeness
