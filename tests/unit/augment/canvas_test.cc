#include "engine/augment/canvas.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "engine/augment/font.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::PatchworkImage;

Image White(int width, int height) {
  Image image(width, height);
  std::memset(image.data(), 255, image.size_bytes());
  return image;
}

// How many pixels are no longer white.
int Painted(const Image& image) {
  int count = 0;
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    count += image.data()[i] == 255 ? 0 : 1;
  }
  return count;
}

// The picture as text, '#' where it is not white.
std::string Dots(const Image& image) {
  std::string dots;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const auto at = static_cast<size_t>(y * image.width() + x);
      dots += image.data()[3 * at] == 255 ? ' ' : '#';
    }
    dots += '\n';
  }
  return dots;
}

TEST(CanvasTest, DrawsLetters) {
  Image image = White(12, 7);
  DrawText(image, 0, 0, kGlyphHeight, "h1", {0, 0, 0}, 1);
  EXPECT_EQ(Dots(image),
            "#   #   #   \n"
            "#   #  ##   \n"
            "#   #   #   \n"
            "#####   #   \n"
            "#   #   #   \n"
            "#   #   #   \n"
            "#   #  ###  \n");
}

TEST(CanvasTest, TwiceTheHeightIsFourTimesTheDots) {
  Image small = White(30, 7);
  Image large = White(60, 14);
  DrawText(small, 0, 0, 7, "SALE", {0, 0, 0}, 1);
  DrawText(large, 0, 0, 14, "SALE", {0, 0, 0}, 1);
  EXPECT_EQ(4 * Painted(small), Painted(large));
  EXPECT_EQ(TextWidth(14, "SALE"), 48);
}

TEST(CanvasTest, TheFontHasEveryLetterAndDigit) {
  for (const char letter :
       std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")) {
    int dots = 0;
    for (int row = 0; row < kGlyphHeight; ++row) {
      for (int column = -1; column <= kGlyphWidth; ++column) {
        dots += GlyphHas(letter, column, row) ? 1 : 0;
      }
    }
    EXPECT_GE(dots, 7) << letter;
    EXPECT_FALSE(GlyphHas(letter, -1, 3));
    EXPECT_FALSE(GlyphHas(letter, 2, 7));
  }
  EXPECT_FALSE(GlyphHas('~', 2, 3));
}

TEST(CanvasTest, ShapesCoverTheirShareOfTheBox) {
  const auto share = [](ShapeKind kind) {
    Image image = White(200, 200);
    FillShape(image, {0, 0, 200, 200}, kind, {0, 0, 0}, 1);
    return Painted(image) / 40'000.0;
  };
  EXPECT_EQ(share(ShapeKind::kRectangle), 1);
  EXPECT_NEAR(share(ShapeKind::kEllipse), 0.785, 0.01);
  EXPECT_NEAR(share(ShapeKind::kTriangle), 0.5, 0.01);
  EXPECT_NEAR(share(ShapeKind::kRing), 0.785 * (1 - 0.36), 0.01);
}

TEST(CanvasTest, OpacityMixesColours) {
  Image image = White(1, 1);
  FillShape(image, {0, 0, 1, 1}, ShapeKind::kRectangle, {55, 255, 155}, 0.5);
  EXPECT_EQ(image.data()[0], 155);
  EXPECT_EQ(image.data()[1], 255);
  EXPECT_EQ(image.data()[2], 205);
}

TEST(CanvasTest, WhatLiesOutsideIsLeftOut) {
  Image image = White(10, 10);
  const Image picture = PatchworkImage(1, 8);
  FillBox(image, {-5, -5, 7, 7}, {0, 0, 0});
  EXPECT_EQ(Painted(image), 4);
  FillBox(image, {20, 0, 5, 5}, {0, 0, 0});
  FillShape(image, {-30, 2, 5, 5}, ShapeKind::kEllipse, {0, 0, 0}, 1);
  DrawText(image, 50, 50, 7, "OUT", {0, 0, 0}, 1);
  Paste(image, picture, -9, 0);
  Paste(image, picture, 10, 10);
  EXPECT_EQ(Painted(image), 4);
  Paste(image, picture, 6, -4);
  EXPECT_EQ(
      std::memcmp(image.data() + 18, picture.data() + size_t{3} * 4 * 8, 12),
      0);
}

TEST(CanvasTest, PicturesAreCutToTheBoxNotSquashed) {
  // Left half black, right half white, then wide: the middle stays the middle.
  Image picture = White(40, 10);
  FillBox(picture, {0, 0, 20, 10}, {0, 0, 0});
  Image image = White(10, 10);
  ASSERT_OK(FillWithPicture(image, {0, 0, 10, 10}, picture));
  EXPECT_EQ(image.data()[0], 0);
  EXPECT_EQ(image.data()[27], 255);
  EXPECT_EQ(Painted(image), 50);
}

}  // namespace
}  // namespace likeness
