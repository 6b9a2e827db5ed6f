#include "engine/train/pair_masks.h"

#include <ATen/ATen.h>

#include "gtest/gtest.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::Integers;
using testing::Mask;

// Pictures 10 and 11 of class 0, 12 of class 1, two views of 13 without a
// class.
PairKeys KeysOfFive() {
  return {Integers({0, 0, 1, -1, -1}), Integers({10, 11, 12, 13, 13})};
}

// Picture 10 again, another of class 1, another without a class.
PairKeys Memory() { return {Integers({0, 1, -1}), Integers({10, 14, 15})}; }

TEST(PairMasksTest, ByClassTakesTheClassAndOtherViews) {
  const PairMasks masks = MakePairMasks({}, KeysOfFive());
  EXPECT_TRUE(masks.positive.equal(Mask({{0, 1, 0, 0, 0},
                                         {1, 0, 0, 0, 0},
                                         {0, 0, 0, 0, 0},
                                         {0, 0, 0, 0, 1},
                                         {0, 0, 0, 1, 0}})));
  EXPECT_TRUE(masks.negative.equal(Mask({{0, 0, 1, 1, 1},
                                         {0, 0, 1, 1, 1},
                                         {1, 1, 0, 1, 1},
                                         {1, 1, 1, 0, 0},
                                         {1, 1, 1, 0, 0}})));
}

TEST(PairMasksTest, TheMemoryStandsBehindTheBatch) {
  const PairMasks masks = MakePairMasks({}, KeysOfFive(), Memory());
  EXPECT_TRUE(masks.positive.narrow(1, 5, 3).equal(
      Mask({{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 0}, {0, 0, 0}})));
  EXPECT_TRUE(masks.negative.narrow(1, 5, 3).equal(
      Mask({{0, 1, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}, {1, 1, 1}})));
  const PairMasks batch = MakePairMasks({}, KeysOfFive());
  EXPECT_TRUE(masks.positive.narrow(1, 0, 5).equal(batch.positive));
  EXPECT_TRUE(masks.negative.narrow(1, 0, 5).equal(batch.negative));
}

TEST(PairMasksTest, ByInstanceTakesOtherViewsOnly) {
  const PairMasks masks =
      MakePairMasks({.positives = PairKind::kInstance}, KeysOfFive(), Memory());
  EXPECT_TRUE(masks.positive.equal(Mask({{0, 0, 0, 0, 0, 1, 0, 0},
                                         {0, 0, 0, 0, 0, 0, 0, 0},
                                         {0, 0, 0, 0, 0, 0, 0, 0},
                                         {0, 0, 0, 0, 1, 0, 0, 0},
                                         {0, 0, 0, 1, 0, 0, 0, 0}})));
  EXPECT_TRUE(masks.negative.equal(Mask({{0, 1, 1, 1, 1, 0, 1, 1},
                                         {1, 0, 1, 1, 1, 1, 1, 1},
                                         {1, 1, 0, 1, 1, 1, 1, 1},
                                         {1, 1, 1, 0, 0, 1, 1, 1},
                                         {1, 1, 1, 0, 0, 1, 1, 1}})));
}

TEST(PairMasksTest, ByInstanceMaySpareTheClass) {
  const PairRule rule{.positives = PairKind::kInstance,
                      .spare_same_class = true};
  const PairMasks masks = MakePairMasks(rule, KeysOfFive(), Memory());
  EXPECT_TRUE(masks.negative.equal(Mask({{0, 0, 1, 1, 1, 0, 1, 1},
                                         {0, 0, 1, 1, 1, 0, 1, 1},
                                         {1, 1, 0, 1, 1, 1, 0, 1},
                                         {1, 1, 1, 0, 0, 1, 1, 1},
                                         {1, 1, 1, 0, 0, 1, 1, 1}})));
  EXPECT_TRUE(masks.positive.equal(
      MakePairMasks({.positives = PairKind::kInstance}, KeysOfFive(), Memory())
          .positive));
}

}  // namespace
}  // namespace likeness
