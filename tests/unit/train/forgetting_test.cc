#include "engine/train/forgetting.h"

#include <ATen/ATen.h>

#include "gtest/gtest.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::Apart;
using testing::AtCosine;
using testing::Gradient;
using testing::Mask;
using testing::Matrix;
using testing::NumericalGradient;

at::Tensor Random(std::initializer_list<int64_t> sizes, uint64_t seed) {
  return at::randn(sizes, at::make_generator<at::CPUGeneratorImpl>(seed),
                   at::kDouble);
}

TEST(FeatureAnchorTest, IsTheMeanOf1MinusTheCosine) {
  const at::Tensor features = Matrix({{3, 0}, {0, 2}});
  const at::Tensor frozen = Matrix({AtCosine(0.6), {0, 7}});
  EXPECT_NEAR(FeatureAnchor(features, frozen).item<double>(), 0.2, 1e-12);
  EXPECT_EQ(FeatureAnchor(at::empty({0, 2}), at::empty({0, 2})).item<float>(),
            0);
}

TEST(FeatureAnchorTest, GradientIsThatOfCentralDifferencesAndNotOfTheFrozen) {
  const at::Tensor frozen = Random({4, 5}, 1).requires_grad_();
  const auto of_features = [&](const at::Tensor& features) {
    return FeatureAnchor(features, frozen);
  };
  const at::Tensor features = Random({4, 5}, 2);
  EXPECT_LT(Apart(Gradient(of_features, features),
                  NumericalGradient(of_features, features)),
            1e-8);
  EXPECT_FALSE(FeatureAnchor(features, frozen).requires_grad());
}

TEST(SimilarityAnchorTest, IsTheMeanSquaredDifferenceOfCosines) {
  // Cosines .6, .8, 0 among three; 1, .8, .6 before, in another space.
  const at::Tensor embeddings = Matrix({{2, 0}, {0.6, 0.8}, {0.8, -0.6}});
  const at::Tensor frozen = Matrix({{0, 0, 1}, {0, 0, 3}, {0.6, 0, 0.8}});
  const double d01 = 0.4 * 0.4;
  const double d02 = 0;
  const double d12 = 0.8 * 0.8;
  EXPECT_NEAR(SimilarityAnchor(embeddings, frozen).item<double>(),
              (d01 + d02 + d12) / 3, 1e-12);
  // In the last column the rows 0 and 1.
  EXPECT_NEAR(
      SimilarityAnchor(embeddings, frozen, Mask({{0, 0, 1}})[0]).item<double>(),
      (d02 + d12) / 2, 1e-12);
}

TEST(SimilarityAnchorTest, IsZeroWithoutPairs) {
  const at::Tensor one = Matrix({{1, 2}});
  EXPECT_EQ(SimilarityAnchor(one, one * 3).item<double>(), 0);
  const at::Tensor none = Mask({{0, 0}})[0];
  const auto of_embeddings = [&](const at::Tensor& embeddings) {
    return SimilarityAnchor(embeddings, Random({2, 4}, 3), none);
  };
  const at::Tensor gradient = Gradient(of_embeddings, Random({2, 3}, 4));
  EXPECT_TRUE(gradient.eq(0).all().item<bool>());
}

TEST(SimilarityAnchorTest, GradientIsThatOfCentralDifferences) {
  const at::Tensor frozen = Random({5, 6}, 5).requires_grad_();
  const auto of_embeddings = [&](const at::Tensor& embeddings) {
    return SimilarityAnchor(embeddings, frozen, Mask({{1, 0, 1, 1, 0}})[0]);
  };
  const at::Tensor embeddings = Random({5, 3}, 6);
  EXPECT_LT(Apart(Gradient(of_embeddings, embeddings),
                  NumericalGradient(of_embeddings, embeddings)),
            1e-8);
  EXPECT_FALSE(of_embeddings(embeddings).requires_grad());
}

}  // namespace
}  // namespace likeness
