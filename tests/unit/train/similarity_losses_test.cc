// The losses over cosines, against values worked out by hand.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "gtest/gtest.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::AtCosine;
using testing::Integers;
using testing::LossOf;
using testing::Matrix;
using testing::OneAnchor;
using testing::StatisticNamed;
using testing::ValueOf;

constexpr double kTolerance = 1e-12;

std::shared_ptr<Loss> Softmax(LossType type, double temperature) {
  LossSpec spec = LossSpec::Defaults(type);
  spec.temperature = temperature;
  return LossOf(spec);
}

TEST(InfoNceLossTest, IsMinusTheLogOfThePositivesShare) {
  const auto loss = Softmax(LossType::kInfoNce, 0.5);
  const LossInput input =
      OneAnchor({1, 0}, {AtCosine(0.6)}, {AtCosine(0), AtCosine(-1)});
  const double positive = std::exp(0.6 / 0.5);
  EXPECT_NEAR(ValueOf(*loss, input),
              -std::log(positive / (positive + std::exp(0) + std::exp(-2))),
              kTolerance);
  EXPECT_EQ(StatisticNamed(*loss, "nearest_is_positive_share"), 1);
}

TEST(InfoNceLossTest, ComparesEachPositiveWithTheNegativesOnly) {
  const auto loss = Softmax(LossType::kInfoNce, 1);
  const LossInput input =
      OneAnchor({1, 0}, {AtCosine(0.6), AtCosine(0.8)}, {AtCosine(0.7)});
  EXPECT_NEAR(ValueOf(*loss, input),
              (std::log1p(std::exp(0.1)) + std::log1p(std::exp(-0.1))) / 2,
              kTolerance);
  EXPECT_EQ(StatisticNamed(*loss, "nearest_is_positive_share"), 1);
}

TEST(InfoNceLossTest, StaysExactWhereExpWouldOverflow) {
  const LossInput input = OneAnchor({1, 0}, {AtCosine(0)}, {AtCosine(1)});
  EXPECT_NEAR(ValueOf(*Softmax(LossType::kInfoNce, 1e-4), input), 1e4, 1e-8);
}

TEST(InfoNceLossTest, TakesMinusAnyDistanceForASimilarity) {
  LossSpec spec = LossSpec::Defaults(LossType::kInfoNce);
  spec.distance = Distance::kManhattan;
  spec.temperature = 2;
  const LossInput input = OneAnchor({0, 0}, {{1, 2}}, {{-1, 3}});
  EXPECT_NEAR(ValueOf(*LossOf(spec), input),
              std::log1p(std::exp((3.0 - 4.0) / 2)), kTolerance);
}

TEST(SupervisedContrastiveLossTest, SumsOverPositivesAndNegatives) {
  const auto loss = Softmax(LossType::kSupervisedContrastive, 0.5);
  const LossInput input = OneAnchor({1, 0}, {AtCosine(0.6), AtCosine(0.8)},
                                    {AtCosine(0.9), AtCosine(-1)});
  const double sum =
      std::exp(1.2) + std::exp(1.6) + std::exp(1.8) + std::exp(-2);
  EXPECT_NEAR(
      ValueOf(*loss, input),
      -(std::log(std::exp(1.2) / sum) + std::log(std::exp(1.6) / sum)) / 2,
      kTolerance);
  EXPECT_EQ(StatisticNamed(*loss, "nearest_is_positive_share"), 0);
}

TEST(SupervisedContrastiveLossTest, IsInfoNceWithOnePositive) {
  const LossInput input =
      OneAnchor({1, 0}, {AtCosine(0.3)}, {AtCosine(0.5), AtCosine(-0.2)});
  EXPECT_NEAR(ValueOf(*Softmax(LossType::kSupervisedContrastive, 0.1), input),
              ValueOf(*Softmax(LossType::kInfoNce, 0.1), input), kTolerance);
}

TEST(MultiSimilarityLossTest, CountsOnlyTheMinedPairs) {
  LossSpec spec = LossSpec::Defaults(LossType::kMultiSimilarity);
  spec.positive_scale = 2;
  spec.negative_scale = 10;
  const auto loss = LossOf(spec);
  // Epsilon .1: of the negatives .55 is above .6 - .1, .4 is not; of the
  // positives .6 is below .55 + .1, .9 is not.
  const LossInput input = OneAnchor({1, 0}, {AtCosine(0.9), AtCosine(0.6)},
                                    {AtCosine(0.55), AtCosine(0.4)});
  EXPECT_NEAR(ValueOf(*loss, input),
              std::log1p(std::exp(-2 * (0.6 - 0.5))) / 2 +
                  std::log1p(std::exp(10 * (0.55 - 0.5))) / 10,
              kTolerance);
  EXPECT_EQ(StatisticNamed(*loss, "mined_positive_share"), 0.5);
  EXPECT_EQ(StatisticNamed(*loss, "mined_negative_share"), 0.5);
}

TEST(MultiSimilarityLossTest, IsZeroWhereNothingIsMined) {
  const auto loss = LossOf(LossSpec::Defaults(LossType::kMultiSimilarity));
  EXPECT_EQ(ValueOf(*loss, OneAnchor({1, 0}, {AtCosine(0.9)}, {AtCosine(0.1)})),
            0);
}

TEST(ProxyAnchorLossTest, ComparesProxiesWithLabelledRows) {
  LossSpec spec = LossSpec::Defaults(LossType::kProxyAnchor);
  spec.positive_scale = 2;
  spec.negative_scale = 3;
  const auto loss = LossOf(spec);
  {
    const at::NoGradGuard no_grad;
    loss->named_parameters()["proxies"].copy_(
        Matrix({{1, 0}, {0, 5}, {-1, 0}}));
  }
  LossInput input;
  // Cosines to the proxies: .6, .8, -.6; 0, 1, 0. The third has no class.
  input.anchors = Matrix({{0.6, 0.8}, {0, 2}, {1, 0}});
  input.labels = Integers({0, 1, -1});
  const double pull = std::log1p(std::exp(-2 * (0.6 - 0.1))) +
                      std::log1p(std::exp(-2 * (1 - 0.1)));
  const double push =
      std::log1p(std::exp(3 * (0 + 0.1))) +
      std::log1p(std::exp(3 * (0.8 + 0.1))) +
      std::log1p(std::exp(3 * (-0.6 + 0.1)) + std::exp(3 * (0 + 0.1)));
  EXPECT_NEAR(ValueOf(*loss, input), pull / 2 + push / 3, kTolerance);
}

TEST(ProxyAnchorLossTest, ProxiesAreAParameterOfTheSizeAskedFor) {
  const auto loss = LossOf(LossSpec::Defaults(LossType::kProxyAnchor), 500, 64);
  const at::Tensor proxies = loss->named_parameters()["proxies"];
  EXPECT_TRUE(proxies.requires_grad());
  EXPECT_EQ(proxies.sizes(), at::IntArrayRef({500, 64}));
  // 32,000 draws: five deviations of the estimate.
  EXPECT_NEAR(proxies.var().item<double>(), 2.0 / 500,
              5 * (2.0 / 500) * std::sqrt(2.0 / 32'000));
}

}  // namespace
}  // namespace likeness
