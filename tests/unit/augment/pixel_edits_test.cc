#include "engine/augment/pixel_edits.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>

#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::PatchworkImage;

Image GreySquare(int side, uint8_t level) {
  Image image(side, side);
  std::memset(image.data(), level, image.size_bytes());
  return image;
}

double MeanSquare(const Image& a, const Image& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size_bytes(); ++i) {
    const double difference = a.data()[i] - b.data()[i];
    sum += difference * difference;
  }
  return sum / static_cast<double>(a.size_bytes());
}

TEST(PixelEditsTest, PixelateMakesBlocksOfTheirMean) {
  Image image(4, 4);
  for (size_t i = 0; i < image.size_bytes(); ++i) {
    image.data()[i] = static_cast<uint8_t>(i / 3);
  }
  ASSERT_OK_AND_ASSIGN(const Image same, Pixelate(image, 0.25));
  EXPECT_EQ(same.bytes(), image.bytes());
  const Image large = PatchworkImage(1, 40);
  ASSERT_OK_AND_ASSIGN(const Image blocks, Pixelate(large, 0.25));
  // Blocks of 10 pixels over fields of 5: the mean of four fields.
  for (size_t c = 0; c < 3; ++c) {
    const auto at = [&](const Image& from, size_t x, size_t y) {
      return static_cast<int>(from.data()[3 * (y * 40 + x) + c]);
    };
    const int sum =
        at(large, 0, 0) + at(large, 5, 0) + at(large, 0, 5) + at(large, 5, 5);
    EXPECT_NEAR(at(blocks, 0, 0), sum / 4.0, 0.5);
    EXPECT_EQ(at(blocks, 9, 9), at(blocks, 0, 0));
  }
}

TEST(PixelEditsTest, StrongResizeLosesDetailAndKeepsTheSize) {
  const Image image = PatchworkImage(1, 64);
  ASSERT_OK_AND_ASSIGN(const Image mild, StrongResize(image, 0.3));
  ASSERT_OK_AND_ASSIGN(const Image strong, StrongResize(image, 0.9));
  EXPECT_EQ(strong.width(), 64);
  EXPECT_GT(MeanSquare(strong, image), 2 * MeanSquare(mild, image));
}

TEST(PixelEditsTest, NoiseHasTheStatedSigma) {
  const Image image = GreySquare(100, 128);
  for (const double sigma : {2.0, 20.0}) {
    Random random(1);
    ASSERT_OK_AND_ASSIGN(const Image noisy, Noise(image, sigma, random));
    // Rounding to levels adds a twelfth.
    EXPECT_NEAR(std::sqrt(MeanSquare(noisy, image)),
                std::sqrt(sigma * sigma + 1.0 / 12), 0.02 * sigma);
  }
}

TEST(PixelEditsTest, JpegLosesMoreWithItsStrength) {
  const Image image = PatchworkImage(2, 64);
  ASSERT_OK_AND_ASSIGN(const Image mild, JpegArtefacts(image, 10));
  ASSERT_OK_AND_ASSIGN(const Image strong, JpegArtefacts(image, 95));
  EXPECT_GT(MeanSquare(strong, image), MeanSquare(mild, image));
}

TEST(PixelEditsTest, BlurKeepsAFlatPicture) {
  const Image image = GreySquare(30, 77);
  ASSERT_OK_AND_ASSIGN(const Image blurred, Blur(image, 0.1));
  EXPECT_EQ(blurred.bytes(), image.bytes());
}

TEST(PixelEditsTest, InkMakesLinesThickerOrThinner) {
  Image image = GreySquare(7, 250);
  const auto at = [](const Image& from, size_t x, size_t y) {
    return static_cast<int>(from.data()[3 * (y * 7 + x)]);
  };
  // A dark line of three pixels' width.
  for (size_t y = 0; y < 7; ++y) {
    std::memset(image.data() + 3 * (y * 7 + 2), 50, 9);
  }
  ASSERT_OK_AND_ASSIGN(const Image thick, Ink(image, 0.5));
  EXPECT_EQ(at(thick, 0, 3), 250);
  EXPECT_EQ(at(thick, 1, 3), 150);
  EXPECT_EQ(at(thick, 2, 3), 50);
  EXPECT_EQ(at(thick, 5, 3), 150);
  ASSERT_OK_AND_ASSIGN(const Image thin, Ink(image, -1));
  EXPECT_EQ(at(thin, 2, 3), 250);
  EXPECT_EQ(at(thin, 3, 3), 50);
  EXPECT_EQ(at(thin, 4, 3), 250);
  ASSERT_OK_AND_ASSIGN(const Image same, Ink(image, 0));
  EXPECT_EQ(same.bytes(), image.bytes());
}

TEST(PixelEditsTest, RefusesStrengthsOutOfRange) {
  const Image image = GreySquare(8, 1);
  Random random(1);
  EXPECT_THAT(Ink(image, 1.5), BlamesField("ink"));
  EXPECT_THAT(Pixelate(image, 0.3), BlamesField("pixelate"));
  EXPECT_THAT(StrongResize(image, 1), BlamesField("resize"));
  EXPECT_THAT(Blur(image, -0.1), BlamesField("blur"));
  EXPECT_THAT(Noise(image, std::nan(""), random), BlamesField("noise"));
  EXPECT_THAT(JpegArtefacts(image, 100), BlamesField("jpeg"));
  EXPECT_THAT(Blur(Image(), 0.1), BlamesField("image"));
}

}  // namespace
}  // namespace likeness
