#include "engine/evaluate/plain_descriptors.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "engine/evaluate/unit_rows.h"
#include "engine/image/resize.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

Image Flat(uint8_t r, uint8_t g, uint8_t b) {
  Image image(4, 2);
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    const uint8_t rgb[] = {r, g, b};
    std::memcpy(image.data() + i, rgb, 3);
  }
  return image;
}

size_t OnlyBin(const Image& image) {
  const std::vector<float> histogram = ColourHistogram(image);
  size_t bin = histogram.size();
  for (size_t i = 0; i < histogram.size(); ++i) {
    if (histogram[i] == 0) continue;
    EXPECT_EQ(histogram[i], 1);
    bin = i;
  }
  return bin;
}

TEST(ColourHistogramTest, BinsWorkedByHand) {
  // (hue x 4 + saturation) x 4 + value.
  EXPECT_EQ(OnlyBin(Flat(0, 0, 0)), 0U);
  EXPECT_EQ(OnlyBin(Flat(255, 255, 255)), 3U);
  EXPECT_EQ(OnlyBin(Flat(255, 0, 0)), (0 * 4 + 3) * 4 + 3U);
  EXPECT_EQ(OnlyBin(Flat(0, 255, 0)), (5 * 4 + 3) * 4 + 3U);   // 120 degrees.
  EXPECT_EQ(OnlyBin(Flat(0, 0, 255)), (10 * 4 + 3) * 4 + 3U);  // 240 degrees.
  EXPECT_EQ(OnlyBin(Flat(255, 0, 1)), (15 * 4 + 3) * 4 + 3U);  // Nearly 360.
  EXPECT_EQ(OnlyBin(Flat(100, 60, 60)), (0 * 4 + 1) * 4 + 1U);
}

TEST(ColourHistogramTest, TwoColoursAreHalfAlikeToOneOfThem) {
  Image half = Flat(255, 0, 0);
  std::memset(half.data(), 0, half.size_bytes() / 2);
  const std::vector<float> mixed = ColourHistogram(half);
  EXPECT_NEAR(InnerProduct(mixed, mixed), 1, 1e-6);
  // Bhattacharyya: sqrt(1/2 x 1).
  EXPECT_NEAR(InnerProduct(mixed, ColourHistogram(Flat(255, 0, 0))),
              std::sqrt(0.5), 1e-6);
  EXPECT_EQ(InnerProduct(mixed, ColourHistogram(Flat(0, 255, 0))), 0);
}

TEST(PHashTest, HalfOfTheBitsAreSet) {
  ASSERT_OK_AND_ASSIGN(const uint64_t hash,
                       ComputePHash(testing::PatchworkImage(1)));
  EXPECT_EQ(std::popcount(hash), 32);
}

TEST(PHashTest, AWaveSetsItsFrequency) {
  // cos(pi 3 (2x + 1) / 64) along x at 32 pixels is frequency 3 in x and 0 in
  // y, which is left out; times cos(pi (2y + 1) / 64) it is 3 in x and 1 in y.
  Image image(32, 32);
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      const double wave = std::cos(M_PI * 3 * (2 * x + 1) / 64) *
                          std::cos(M_PI * (2 * y + 1) / 64);
      std::memset(image.data() + 3 * (y * 32 + x),
                  static_cast<int>(128 + 100 * wave), 3);
    }
  }
  ASSERT_OK_AND_ASSIGN(const uint64_t hash, ComputePHash(image));
  EXPECT_TRUE((hash >> 2) & 1U);  // Row 0 (frequency 1), column 2 (3).
}

TEST(PHashTest, SmallerCopiesAreNearAndOthersFar) {
  const Image picture = testing::PatchworkImage(1);
  ASSERT_OK_AND_ASSIGN(const Image smaller, Resize(picture, 64, 64));
  ASSERT_OK_AND_ASSIGN(const uint64_t a, ComputePHash(picture));
  ASSERT_OK_AND_ASSIGN(const uint64_t b, ComputePHash(smaller));
  ASSERT_OK_AND_ASSIGN(const uint64_t c,
                       ComputePHash(testing::PatchworkImage(2)));
  EXPECT_LE(std::popcount(a ^ b), 8);
  EXPECT_GE(std::popcount(a ^ c), 16);
}

TEST(HashVectorTest, CosineIsTheShareOfEqualBits) {
  EXPECT_EQ(InnerProduct(HashVector(uint64_t{0}), HashVector(uint64_t{0})), 1);
  EXPECT_EQ(InnerProduct(HashVector(uint64_t{0}), HashVector(~uint64_t{0})),
            -1);
  EXPECT_EQ(InnerProduct(HashVector(uint64_t{0}), HashVector(uint64_t{0xFF})),
            1 - 2 * 8.0 / 64);
  PdqHash a;
  PdqHash b;
  b.bits[3] = 0x81;
  EXPECT_EQ(InnerProduct(HashVector(a), HashVector(b)), 1 - 2 * 2.0 / 256);
}

}  // namespace
}  // namespace likeness
