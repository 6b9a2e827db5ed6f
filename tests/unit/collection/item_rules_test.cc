#include "engine/collection/item_rules.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::kCopyDimensions;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;

double Norm(const std::vector<float>& vector) {
  double squares = 0;
  for (const float value : vector) {
    squares += static_cast<double>(value) * value;
  }
  return std::sqrt(squares);
}

TEST(NormalizeVectorTest, MakesUnitLengthOfTheSmallestAndTheLargest) {
  for (const float value : {1.0F, 1e-38F, 1e-45F, 3e38F}) {
    std::vector<float> vector = {value, 0, -value};
    ASSERT_OK(NormalizeVector("vector", 3, vector)) << value;
    EXPECT_NEAR(Norm(vector), 1, 1e-6) << value;
    EXPECT_EQ(vector[0], -vector[2]);
  }
}

TEST(NormalizeVectorTest, RefusesWhatHasNoDirection) {
  std::vector<float> zero(3);
  EXPECT_THAT(NormalizeVector("v", 3, zero), BlamesField("v"));
  std::vector<float> infinite = {1, std::numeric_limits<float>::infinity(), 0};
  EXPECT_THAT(NormalizeVector("v", 3, infinite), BlamesField("v"));
  std::vector<float> nan = {1, std::numeric_limits<float>::quiet_NaN(), 0};
  EXPECT_THAT(NormalizeVector("v", 3, nan), BlamesField("v"));
  std::vector<float> longer(4, 1.0F);
  EXPECT_THAT(NormalizeVector("v", 3, longer),
              Fails(absl::StatusCode::kInvalidArgument, "4 values"));
}

TEST(PrepareMutationTest, NamesTheItemAndTheField) {
  Mutation put = VersionedPut("shoe", 1);
  put.item.metadata["price"] = std::numeric_limits<double>::infinity();
  const absl::Status refused = PrepareMutation(TestSpec(), put);
  EXPECT_THAT(refused,
              Fails(absl::StatusCode::kInvalidArgument, "item \"shoe\""));
  EXPECT_THAT(refused, BlamesField("metadata.price"));
}

TEST(PrepareMutationTest, WantsAVectorOfASpaceThatThereIs) {
  Mutation put = VersionedPut("a", 1);
  put.vectors = {};
  EXPECT_THAT(PrepareMutation(TestSpec(), put), BlamesField("vectors"));
  CollectionSpec spec = TestSpec();
  spec.dimensions[Space::kCopy] = 0;
  put = VersionedPut("a", 1);
  EXPECT_THAT(PrepareMutation(spec, put), BlamesField("vectors.copy"));
}

TEST(PrepareMutationTest, MakesEachOfSeveralVectorsUnitLength) {
  Mutation put = VersionedPut("a", 1);
  put.vectors[Space::kCopy] = {3, 4, 0, 0, 0, 0, 0, 0, 0, 5};
  ASSERT_OK(PrepareMutation(TestSpec(), put));
  EXPECT_EQ(put.vectors[Space::kCopy],
            (std::vector<float>{0.6F, 0.8F, 0, 0, 0, 0, 0, 0, 0, 1}));
}

TEST(PrepareMutationTest, NamesWhichOfSeveralVectorsIsAtFault) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float wrong : {nan, 0.0F}) {
    Mutation put = VersionedPut("a", 1);
    put.vectors[Space::kCopy].assign(size_t{4} * kCopyDimensions, 1);
    for (size_t i = 0; i < kCopyDimensions; ++i) {
      put.vectors[Space::kCopy][2 * kCopyDimensions + i] = wrong;
    }
    EXPECT_THAT(PrepareMutation(TestSpec(), put),
                BlamesField("vectors.copy[2]"));
  }
  Mutation put = VersionedPut("a", 1);
  put.vectors[Space::kCopy].assign(kCopyDimensions + 1, 1);
  EXPECT_THAT(PrepareMutation(TestSpec(), put), BlamesField("vectors.copy"));
}

TEST(PrepareMutationTest, TakesSixtyFourVectorsOfASpaceAndNoMore) {
  Mutation put = VersionedPut("a", 1);
  put.vectors[Space::kCopy].assign(size_t{64} * kCopyDimensions, 1);
  ASSERT_OK(PrepareMutation(TestSpec(), put));
  put.vectors[Space::kCopy].assign(size_t{65} * kCopyDimensions, 1);
  const absl::Status refused = PrepareMutation(TestSpec(), put);
  EXPECT_THAT(refused, BlamesField("vectors.copy"));
  EXPECT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, "65"));
}

}  // namespace
}  // namespace likeness
