#include "engine/train/distance.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::Apart;
using testing::Gradient;
using testing::Mask;
using testing::Matrix;
using testing::NumericalGradient;

constexpr Distance kDistances[] = {Distance::kEuclidean,
                                   Distance::kSquaredEuclidean,
                                   Distance::kManhattan, Distance::kCosine};

TEST(PairwiseDistancesTest, AreThoseOfTheTextbook) {
  const at::Tensor a = Matrix({{0, 3}, {4, 0}});
  const at::Tensor b = Matrix({{0, 3}, {0, -1}, {-3, 4}});
  const auto apart = [&](Distance distance, const testing::Rows& expected) {
    return Apart(PairwiseDistances(a, b, distance), Matrix(expected));
  };
  EXPECT_LT(apart(Distance::kEuclidean,
                  {{0, 4, std::sqrt(10)}, {5, std::sqrt(17), std::sqrt(65)}}),
            1e-12);
  EXPECT_LT(apart(Distance::kSquaredEuclidean, {{0, 16, 10}, {25, 17, 65}}),
            1e-12);
  EXPECT_LT(apart(Distance::kManhattan, {{0, 4, 4}, {7, 5, 11}}), 1e-12);
  EXPECT_LT(apart(Distance::kCosine, {{0, 2, 0.2}, {1, 1, 1.6}}), 1e-12);
}

TEST(PairwiseDistancesTest, GradientIsThatOfCentralDifferencesOnBothSides) {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(3);
  const at::Tensor a = at::randn({3, 4}, generator, at::kDouble);
  const at::Tensor b = at::randn({5, 4}, generator, at::kDouble);
  const at::Tensor weights = at::randn({3, 5}, generator, at::kDouble);
  for (const Distance distance : kDistances) {
    const auto of_a = [&](const at::Tensor& x) {
      return (PairwiseDistances(x, b, distance) * weights).sum();
    };
    const auto of_b = [&](const at::Tensor& x) {
      return (PairwiseDistances(a, x, distance) * weights).sum();
    };
    EXPECT_LT(Apart(Gradient(of_a, a), NumericalGradient(of_a, a)), 1e-7)
        << DistanceName(distance);
    EXPECT_LT(Apart(Gradient(of_b, b), NumericalGradient(of_b, b)), 1e-7)
        << DistanceName(distance);
  }
}

TEST(PairwiseDistancesTest, GradientIsZeroAtZeroDistance) {
  for (const at::ScalarType type : {at::kDouble, at::kFloat}) {
    const at::Tensor rows = Matrix({{1, 2, -2}, {1, 2, -2}}).to(type);
    for (const Distance distance : kDistances) {
      const at::Tensor gradient = Gradient(
          [&](const at::Tensor& x) {
            return PairwiseDistances(x, x, distance).sum();
          },
          rows);
      EXPECT_LT(gradient.abs().max().item<double>(), 1e-7)
          << DistanceName(distance);
    }
  }
}

TEST(PairwiseDistancesTest, GradientOfRowsWithoutLengthIsFinite) {
  for (const Distance distance : kDistances) {
    const at::Tensor gradient = Gradient(
        [&](const at::Tensor& x) {
          return PairwiseDistances(x, Matrix({{1, 0}, {0, 0}}), distance).sum();
        },
        Matrix({{0, 0}}));
    EXPECT_LE(gradient.abs().max().item<double>(), 1e6)
        << DistanceName(distance);
  }
}

TEST(PairwiseDistancesTest, NearRowsKeepTheirDistanceInSinglePrecision) {
  // |a|^2 + |b|^2 - 2 a.b would give 0 or 5e-4.
  const at::Tensor a = Matrix({{1, 0}}).to(at::kFloat);
  const at::Tensor b = Matrix({{1, 1e-4}}).to(at::kFloat);
  EXPECT_FLOAT_EQ(PairwiseDistances(a, b, Distance::kEuclidean).item<float>(),
                  1e-4F);
  EXPECT_FLOAT_EQ(
      PairwiseDistances(a, b, Distance::kSquaredEuclidean).item<float>(),
      1e-8F);
}

TEST(MaskedMeanTest, IsTheMeanOfWhatTheMaskLeaves) {
  const at::Tensor values = Matrix({{1, 2}, {3, 1e300}});
  EXPECT_EQ(MaskedMean(values, Mask({{1, 0}, {1, 0}})).item<double>(), 2);
  const at::Tensor none = Mask({{0, 0}, {0, 0}});
  EXPECT_EQ(MaskedMean(values, none).item<double>(), 0);
  EXPECT_TRUE(
      Gradient([&](const at::Tensor& x) { return MaskedMean(x, none); }, values)
          .eq(0)
          .all()
          .item<bool>());
}

}  // namespace
}  // namespace likeness
