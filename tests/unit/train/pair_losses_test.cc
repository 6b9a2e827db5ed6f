// The losses over pairs and triplets, against values worked out by hand.
#include <cmath>

#include "gtest/gtest.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::ClassBatch;
using testing::LossOf;
using testing::OneAnchor;
using testing::StatisticNamed;
using testing::ValueOf;

constexpr double kLossTolerance = 1e-12;

// Distances: 1 between the two of class 0; 1/2 and sqrt(.45) to the third.
LossInput Three() {
  return ClassBatch({{0, 0}, {0.6, 0.8}, {0, 0.5}}, {0, 0, 1});
}

TEST(ContrastiveLossTest, PullsByHalfTheSquareAndPushesWithinTheMargin) {
  LossSpec spec = LossSpec::Defaults(LossType::kContrastive);
  const double push = (0.125 + std::pow(1 - std::sqrt(0.45), 2) / 2) / 2;
  EXPECT_NEAR(ValueOf(*LossOf(spec), Three()), (0.5 + push) / 2,
              kLossTolerance);
  spec.balanced = false;
  EXPECT_NEAR(ValueOf(*LossOf(spec), Three()), (2 * 0.5 + 4 * push) / 6,
              kLossTolerance);
}

TEST(ContrastiveLossTest, LeavesAloneWhatIsBeyondTheMargin) {
  LossSpec spec = LossSpec::Defaults(LossType::kContrastive);
  spec.margin = 0.6;
  spec.balanced = false;
  const auto loss = LossOf(spec);
  EXPECT_NEAR(ValueOf(*loss, Three()), (2 * 0.5 + 2 * 0.005) / 6,
              kLossTolerance);
  EXPECT_EQ(StatisticNamed(*loss, "active_negative_share"), 0.5);
}

TEST(ContrastiveLossTest, BalanceNeedsBothKindsToHalveThem) {
  const auto loss = LossOf(LossSpec::Defaults(LossType::kContrastive));
  EXPECT_NEAR(ValueOf(*loss, OneAnchor({0}, {{2}}, {})), 2, kLossTolerance);
  EXPECT_NEAR(ValueOf(*loss, OneAnchor({0}, {}, {{0.5}})), 0.125,
              kLossTolerance);
}

// On a line: distances within the classes are 2 and 1.5; 0 and 2 are 3, 4.5 and
// 1, 2.5 away from the others.
LossInput Four(double progress = 0) {
  LossInput input = ClassBatch({{0}, {2}, {3}, {4.5}}, {0, 0, 1, 1});
  input.progress = progress;
  return input;
}

std::shared_ptr<Loss> Triplet(TripletMining mining) {
  LossSpec spec = LossSpec::Defaults(LossType::kTriplet);
  spec.margin = 1.5;
  spec.mining = mining;
  return LossOf(spec);
}

TEST(TripletLossTest, BatchAllIsTheMeanOverTripletsAbove0) {
  // By anchor: .5, -1; 2.5, 1; 0, 2; -1.5, .5.
  const auto loss = Triplet(TripletMining::kBatchAll);
  EXPECT_NEAR(ValueOf(*loss, Four()), 6.5 / 5, kLossTolerance);
  EXPECT_EQ(StatisticNamed(*loss, "triplets"), 8);
  EXPECT_EQ(StatisticNamed(*loss, "active_triplet_share"), 5.0 / 8);
}

TEST(TripletLossTest, BatchHardTakesFurthestPositiveAndNearestNegative) {
  const auto loss = Triplet(TripletMining::kBatchHard);
  EXPECT_NEAR(ValueOf(*loss, Four()), (0.5 + 2.5 + 2 + 0.5) / 4,
              kLossTolerance);
  // Among two positives at 1 and 2 and two negatives at 1.8 and 3.
  EXPECT_NEAR(ValueOf(*loss, OneAnchor({0}, {{1}, {-2}}, {{3}, {1.8}})),
              2 - 1.8 + 1.5, kLossTolerance);
}

TEST(TripletLossTest, SemiHardTakesTheNearestNegativeBeyondThePositive) {
  const auto loss = Triplet(TripletMining::kSemiHard);
  EXPECT_NEAR(ValueOf(*loss, Four()), (0.5 + 1 + 0 + 0.5) / 4, kLossTolerance);
  EXPECT_EQ(StatisticNamed(*loss, "triplets"), 4);
  EXPECT_EQ(StatisticNamed(*loss, "active_triplet_share"), 0.75);
}

TEST(TripletLossTest, SemiHardFallsBackToTheFurthestWhenAllAreNearer) {
  EXPECT_NEAR(ValueOf(*Triplet(TripletMining::kSemiHard),
                      OneAnchor({0}, {{2}}, {{1}, {1.4}})),
              2 - 1.4 + 1.5, kLossTolerance);
}

TEST(TripletLossTest, CurriculumGoesFromSemiHardToTheHardestNegative) {
  const auto loss = Triplet(TripletMining::kCurriculum);
  EXPECT_NEAR(ValueOf(*loss, Four(0)),
              ValueOf(*Triplet(TripletMining::kSemiHard), Four()),
              kLossTolerance);
  EXPECT_NEAR(ValueOf(*loss, Four(1)),
              ValueOf(*Triplet(TripletMining::kBatchHard), Four()),
              kLossTolerance);
  LossInput input = OneAnchor({0}, {{2}}, {{3}, {1.8}, {1.4}, {1}});
  const auto negative_at = [&](double progress) {
    input.progress = progress;
    return 2 + 1.5 - ValueOf(*loss, input);
  };
  EXPECT_NEAR(negative_at(0), 3, kLossTolerance);
  EXPECT_NEAR(negative_at(0.3), 1.8, kLossTolerance);
  EXPECT_NEAR(negative_at(0.7), 1.4, kLossTolerance);
  EXPECT_NEAR(negative_at(1), 1, kLossTolerance);
}

TEST(TripletLossTest, CurriculumTakesTheHardestWhereAllAreBeyondThePositive) {
  LossInput input = OneAnchor({0}, {{1}}, {{2}, {1.2}});
  const auto loss = Triplet(TripletMining::kCurriculum);
  for (const double progress : {0.0, 0.5, 1.0}) {
    input.progress = progress;
    EXPECT_NEAR(ValueOf(*loss, input), 1 - 1.2 + 1.5, kLossTolerance)
        << progress;
  }
}

TEST(TripletLossTest, AnchorsThatLackAPairAreNoPartOfTheMean) {
  // The last picture is alone in its class.
  for (const TripletMining mining :
       {TripletMining::kBatchHard, TripletMining::kSemiHard}) {
    EXPECT_NEAR(
        ValueOf(*Triplet(mining), ClassBatch({{0}, {1}, {5}}, {0, 0, 1})), 0,
        kLossTolerance);
    EXPECT_NEAR(
        ValueOf(*Triplet(mining), ClassBatch({{0}, {1}, {2}}, {0, 0, 1})),
        (0.5 + 1.5) / 2, kLossTolerance)
        << TripletMiningName(mining);
  }
}

TEST(KoLeoLossTest, IsMinusTheLogOfTheDistanceToTheNearestNegative) {
  const auto loss = LossOf(LossSpec::Defaults(LossType::kKoLeo));
  // The nearest others, 1/2 and sqrt(.45), of class 1; 1/2 from there.
  const double expected =
      -(std::log(0.5) + std::log(std::sqrt(0.45)) + std::log(0.5)) / 3;
  EXPECT_NEAR(ValueOf(*loss, Three()), expected, kLossTolerance);
  EXPECT_NEAR(StatisticNamed(*loss, "nearest_negative_distance"),
              (1 + std::sqrt(0.45)) / 3, kLossTolerance);
  // Positives, however near, are not pushed away; equal negatives are at 1e-3.
  EXPECT_NEAR(ValueOf(*loss, OneAnchor({0}, {{0.1}}, {{2}})), -std::log(2.0),
              kLossTolerance);
  EXPECT_NEAR(ValueOf(*loss, OneAnchor({0}, {}, {{0}})), -std::log(1e-3),
              kLossTolerance);
}

}  // namespace
}  // namespace likeness
