#include "engine/keypoints/agreement.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "engine/core/random.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

constexpr double kSide = 480;

PlanePoint AnyPoint(Random& random) {
  return {random.Uniform(0, kSide), random.Uniform(0, kSide)};
}

// What a point at `from` says when the picture is mapped by `map`.
AlikePoints TruePair(const PlanePoint& from, const PlaneMap& map) {
  return {.places = {from, map(from)},
          .octaves = std::log2(map.Scale()),
          .turn = map.Turn()};
}

AlikePoints AnyPair(Random& random) {
  return {.places = {AnyPoint(random), AnyPoint(random)},
          .octaves = random.Uniform(-2, 2),
          .turn = random.Uniform(-3, 3)};
}

TEST(AgreementTest, FindsTheMappingAmongManyUnrelatedPairs) {
  const PlaneMap truth{
      .a = 0.6, .b = -0.2, .c = 90, .d = 0.25, .e = 0.5, .f = 4};
  Random random(1);
  std::vector<AlikePoints> pairs;
  for (int i = 0; i < 60; ++i) pairs.push_back(AnyPair(random));
  for (int i = 0; i < 20; ++i) {
    pairs.push_back(TruePair(AnyPoint(random), truth));
    pairs.back().octaves += random.Uniform(-0.4, 0.4);
    pairs.back().turn += random.Uniform(-0.2, 0.2);
  }
  random.Shuffle(pairs);
  const Agreement agreement = FindAgreement(pairs);
  EXPECT_GE(agreement.places, 19U);
  EXPECT_LE(agreement.places, 22U);
  for (const PlanePoint corner : {PlanePoint{0, 0}, {kSide, 0}, {0, kSide}}) {
    const PlanePoint found = agreement.map(corner);
    const PlanePoint wanted = truth(corner);
    EXPECT_NEAR(found.x, wanted.x, 4);
    EXPECT_NEAR(found.y, wanted.y, 4);
  }
}

TEST(AgreementTest, UnrelatedPairsHardlyAgree) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    std::vector<AlikePoints> pairs;
    for (int i = 0; i < 60; ++i) pairs.push_back(AnyPair(random));
    EXPECT_LE(FindAgreement(pairs).places, 5U) << seed;
  }
}

TEST(AgreementTest, PairsThatShareAPlaceCountOnce) {
  Random random(2);
  std::vector<AlikePoints> pairs;
  for (int i = 0; i < 8; ++i) {
    const PlanePoint place = AnyPoint(random);
    for (int j = 0; j < 3; ++j) pairs.push_back(TruePair(place, PlaneMap{}));
  }
  EXPECT_EQ(FindAgreement(pairs).places, 8U);
}

// Ten pairs under `map`, at places on the grid of `across` x `down` pixels.
std::vector<AlikePoints> Scattered(const PlaneMap& map, double across,
                                   double down) {
  Random random(3);
  std::vector<AlikePoints> pairs;
  for (int i = 0; i < 10; ++i) {
    const PlanePoint from{100 + random.Uniform(0, across),
                          100 + random.Uniform(0, down)};
    pairs.push_back(TruePair(from, map));
  }
  return pairs;
}

TEST(AgreementTest, RefusesALineASpotAndAbsurdMappings) {
  EXPECT_EQ(FindAgreement(Scattered({}, 300, 300)).places, 10U);
  EXPECT_EQ(FindAgreement(Scattered({}, 300, 0)).places, 0U);
  EXPECT_EQ(FindAgreement(Scattered({}, 2, 2)).places, 0U);
  EXPECT_EQ(FindAgreement(Scattered({.a = 9, .e = 9}, 300, 300)).places, 0U);
  EXPECT_EQ(FindAgreement(Scattered({.a = 1.9, .e = 0.5}, 300, 300)).places,
            0U);
  // All to one spot.
  EXPECT_EQ(FindAgreement(Scattered({.a = .01, .e = .01}, 300, 300)).places,
            0U);
}

TEST(AgreementTest, FewerThanFourPairsProveNothing) {
  std::vector<AlikePoints> pairs = Scattered({}, 300, 300);
  pairs.resize(3);
  EXPECT_EQ(FindAgreement(pairs).places, 0U);
  EXPECT_EQ(FindAgreement({}).places, 0U);
}

TEST(AgreementTest, ChanceGrowsWithTheReachAndIsAProbability) {
  const double chance = ChanceOfAgreement(kSide, kSide, {});
  EXPECT_GT(chance, 1e-5);
  EXPECT_LT(chance, 1e-2);
  EXPECT_GT(ChanceOfAgreement(kSide, 100, {}), chance);
  EXPECT_LE(ChanceOfAgreement(kSide, 1, {}), 0.5);
}

}  // namespace
}  // namespace likeness
