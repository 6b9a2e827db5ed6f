#include "engine/evaluate/baseline_bundles.h"

#include <cmath>
#include <cstring>
#include <map>

#include "engine/core/safetensors_writer.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::Fails;

std::string Bytes(const std::vector<float>& values) {
  std::string bytes(4 * values.size(), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

ModelBundle Learned() {
  const std::map<std::string, TensorBytes> tensors = {
      {"stem.conv.weight",
       {"F32", {64, 3, 3, 3}, Bytes(std::vector<float>(1728, 7.0F))}},
      {"stem.norm.weight", {"F32", {2}, Bytes({5, 6})}},
      {"stem.norm.bias", {"F32", {2}, Bytes({5, 6})}},
      {"stem.norm.running_mean", {"F32", {2}, Bytes({5, 6})}},
      {"stem.norm.running_var", {"F32", {2}, Bytes({5, 6})}},
      {"block0.1.weight", {"F32", {2}, Bytes({5, 6})}},
      {"steps", {"I64", {}, std::string(8, '\1')}}};
  ModelBundle bundle;
  bundle.name = "learned";
  bundle.architecture = "small";
  bundle.weights = *SafeTensors::Parse(WriteSafeTensors(tensors));
  bundle.heads[Space::kSimilar] = {
      .pooling = "gem", .gem_p = 2.5F, .dimensions = 256, .projection = "p"};
  bundle.heads[Space::kCopy] = {
      .pooling = "avg", .dimensions = 64, .projection = "q"};
  return bundle;
}

TEST(BaselineBundlesTest, RandomWeightsHaveTheVarianceThatRectifiersNeed) {
  ASSERT_OK_AND_ASSIGN(const ModelBundle drawn, RandomBundle(Learned(), 1));
  ASSERT_OK_AND_ASSIGN(
      const std::vector<float> weights,
      drawn.weights.GetFloats("stem.conv.weight", {64, 3, 3, 3}));
  double square = 0;
  for (const float weight : weights) square += double{weight} * weight;
  EXPECT_NEAR(square / 1728, 2.0 / 27, 0.01);
}

TEST(BaselineBundlesTest, NothingLearnedIsLeft) {
  ASSERT_OK_AND_ASSIGN(const ModelBundle drawn, RandomBundle(Learned(), 1));
  const auto get = [&](const char* name) {
    return *drawn.weights.GetFloats(name, {2});
  };
  EXPECT_EQ(get("stem.norm.weight"), (std::vector<float>{1, 1}));
  EXPECT_EQ(get("stem.norm.bias"), (std::vector<float>{0, 0}));
  EXPECT_EQ(get("stem.norm.running_mean"), (std::vector<float>{0, 0}));
  EXPECT_EQ(get("stem.norm.running_var"), (std::vector<float>{1, 1}));
  // A norm by another name: with a scale of 0 every picture would look alike.
  EXPECT_EQ(get("block0.1.weight"), (std::vector<float>{1, 1}));
  EXPECT_EQ(drawn.weights.names(), Learned().weights.names());
  EXPECT_EQ(drawn.heads[Space::kSimilar].projection, "p");
  EXPECT_EQ(drawn.name, "random small");
}

TEST(BaselineBundlesTest, SameSeedSameWeights) {
  const auto weights = [](uint64_t seed) {
    return *RandomBundle(Learned(), seed)
                ->weights.GetFloats("stem.conv.weight", {64, 3, 3, 3});
  };
  EXPECT_EQ(weights(4), weights(4));
  EXPECT_NE(weights(4), weights(5));
}

TEST(BaselineBundlesTest, TheFrozenTrunkTakesThePoolingAlone) {
  ModelBundle frozen = Learned();
  EXPECT_THAT(FrozenBundle(frozen, Learned()),
              Fails(absl::StatusCode::kInvalidArgument, "projection"));
  for (const Space space : kAllSpaces) {
    frozen.heads[space] = {
        .pooling = "max", .dimensions = 1280, .projection = ""};
  }
  ASSERT_OK_AND_ASSIGN(const ModelBundle pooled,
                       FrozenBundle(frozen, Learned()));
  EXPECT_EQ(pooled.heads[Space::kSimilar].pooling, "gem");
  EXPECT_EQ(pooled.heads[Space::kSimilar].gem_p, 2.5F);
  EXPECT_EQ(pooled.heads[Space::kSimilar].dimensions, 1280);
  EXPECT_EQ(pooled.heads[Space::kCopy].pooling, "avg");
}

}  // namespace
}  // namespace likeness
