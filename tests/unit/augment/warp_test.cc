#include "engine/augment/warp.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/image/orient.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::PatchworkImage;

const uint8_t* Pixel(const Image& image, int x, int y) {
  return image.data() + size_t{3} * (static_cast<size_t>(y) *
                                         static_cast<size_t>(image.width()) +
                                     static_cast<size_t>(x));
}

// Red grows to the right, green downwards.
Image MakeRamp(int width, int height) {
  Image image(width, height);
  uint8_t* rgb = image.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, rgb += 3) {
      rgb[0] = static_cast<uint8_t>(255 * x / (width - 1));
      rgb[1] = static_cast<uint8_t>(255 * y / (height - 1));
      rgb[2] = 0;
    }
  }
  return image;
}

Geometry WholePicture(const Image& image) {
  Geometry geometry;
  geometry.region = WholeOf(image);
  return geometry;
}

TEST(WarpTest, TheWholePictureIsTheEnginesResize) {
  const Image image = PatchworkImage(1, 100);
  ASSERT_OK_AND_ASSIGN(const Image view,
                       Warp(image, WholePicture(image), 40, 30));
  ASSERT_OK_AND_ASSIGN(const Image resized, Resize(image, 40, 30));
  EXPECT_EQ(view.bytes(), resized.bytes());
}

TEST(WarpTest, QuarterTurnsAndMirrorMoveWholePixels) {
  const Image image = MakeRamp(32, 16);
  // Orientations whose upright form is the turned (and then mirrored) picture.
  constexpr std::array<int, 4> kPlain = {1, 6, 3, 8};
  constexpr std::array<int, 4> kMirrored = {2, 5, 4, 7};
  for (int turns = 0; turns < 4; ++turns) {
    for (const bool mirrored : {false, true}) {
      Geometry geometry = WholePicture(image);
      geometry.quarter_turns = turns;
      geometry.mirrored = mirrored;
      const ViewShape shape = ShapeOf(geometry);
      EXPECT_EQ(shape.width, turns % 2 == 0 ? 32 : 16);
      ASSERT_OK_AND_ASSIGN(const Image view,
                           Warp(image, geometry, static_cast<int>(shape.width),
                                static_cast<int>(shape.height)));
      const auto index = static_cast<size_t>(turns);
      const Image expected =
          Orient(image.Clone(), mirrored ? kMirrored[index] : kPlain[index]);
      EXPECT_EQ(view.bytes(), expected.bytes()) << turns << mirrored;
    }
  }
}

TEST(WarpTest, SampledTurnsAgreeWithWholeTurns) {
  const Image image = MakeRamp(60, 40);
  for (const bool mirrored : {false, true}) {
    for (int turns = 0; turns < 4; ++turns) {
      Geometry whole = WholePicture(image);
      whole.quarter_turns = turns;
      whole.mirrored = mirrored;
      // Too little to see, enough to leave the path of whole pixels.
      Geometry sampled = whole;
      sampled.rotation = 1e-6;
      const int width = turns % 2 == 0 ? 60 : 40;
      ASSERT_OK_AND_ASSIGN(const Image expected,
                           Warp(image, whole, width, 100 - width));
      ASSERT_OK_AND_ASSIGN(const Image view,
                           Warp(image, sampled, width, 100 - width));
      for (size_t i = 0; i < view.size_bytes(); ++i) {
        ASSERT_LE(std::abs(view.data()[i] - expected.data()[i]), 1);
      }
    }
  }
}

TEST(WarpTest, RotationTurnsToTheRightAndKeepsTheFrame) {
  const Image image = MakeRamp(101, 101);
  Geometry geometry = WholePicture(image);
  geometry.rotation = 90;
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 101, 101));
  // The left edge has come to the top.
  EXPECT_LE(Pixel(view, 50, 0)[0], 3);
  EXPECT_GE(Pixel(view, 50, 100)[0], 252);
  // What was the bottom is on the left.
  EXPECT_GE(Pixel(view, 0, 50)[1], 252);
}

TEST(WarpTest, TurnGrowsTheFrameAndFillsItsCorners) {
  const Image image = PatchworkImage(1, 100);
  Geometry geometry = WholePicture(image);
  geometry.turn = 45;
  geometry.ground = Colour{1, 2, 3};
  const ViewShape shape = ShapeOf(geometry);
  EXPECT_NEAR(shape.width, 141.42, 0.01);
  EXPECT_NEAR(shape.height, 141.42, 0.01);
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 141, 141));
  for (const int x : {0, 140}) {
    for (const int y : {0, 140}) {
      EXPECT_EQ(Pixel(view, x, y)[0], 1);
      EXPECT_EQ(Pixel(view, x, y)[1], 2);
      EXPECT_EQ(Pixel(view, x, y)[2], 3);
    }
  }
}

TEST(WarpTest, ZoomOutLeavesGroundAround) {
  const Image image = MakeRamp(100, 100);
  Geometry geometry = WholePicture(image);
  geometry.zoom = 0.5;
  geometry.ground = Colour{0, 0, 255};
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 100, 100));
  EXPECT_EQ(Pixel(view, 20, 50)[2], 255);
  EXPECT_EQ(Pixel(view, 30, 50)[2], 0);
  EXPECT_NEAR(Pixel(view, 50, 50)[0], 128, 4);
}

TEST(WarpTest, ZoomInShowsTheMiddle) {
  const Image image = MakeRamp(100, 100);
  Geometry geometry = WholePicture(image);
  geometry.zoom = 2;
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 100, 100));
  EXPECT_NEAR(Pixel(view, 0, 0)[0], 64, 4);
  EXPECT_NEAR(Pixel(view, 99, 0)[0], 191, 4);
}

TEST(WarpTest, PerspectiveMovesTheCornersInwards) {
  const Image image = MakeRamp(101, 101);
  Geometry geometry = WholePicture(image);
  geometry.corners[0] = 0.4;  // The top left corner, by a fifth of the width.
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 101, 101));
  EXPECT_NEAR(Pixel(view, 0, 0)[0], 51, 5);
  EXPECT_LE(Pixel(view, 0, 0)[1], 3);
  EXPECT_GE(Pixel(view, 100, 100)[0], 252);
  EXPECT_LE(Pixel(view, 0, 100)[0], 3);
}

TEST(WarpTest, AReductionDoesNotAlias) {
  // Stripes finer than the view can show become grey.
  Image image(400, 400);
  for (size_t i = 0; i < image.size_bytes(); ++i) {
    image.data()[i] = i / 3 % 2 == 0 ? 255 : 0;
  }
  Geometry geometry = WholePicture(image);
  geometry.rotation = 1;
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 50, 50));
  for (int y = 5; y < 45; ++y) {
    for (int x = 5; x < 45; ++x) {
      ASSERT_NEAR(Pixel(view, x, y)[0], 128, 16) << x << "," << y;
    }
  }
}

TEST(WarpTest, AnyPictureAndAnyGeometryGiveTheSizeThatWasAskedFor) {
  for (const int width : {1, 2, 37}) {
    for (const int height : {1, 3, 50}) {
      const Image image(width, height);
      std::fill_n(const_cast<uint8_t*>(image.data()), image.size_bytes(), 9);
      Geometry geometry = WholePicture(image);
      geometry.turn = 33;
      geometry.rotation = -12;
      geometry.zoom = 0.7;
      geometry.corners.fill(0.5);
      ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 19, 23));
      EXPECT_EQ(view.width(), 19);
      EXPECT_EQ(view.height(), 23);
      EXPECT_EQ(*std::max_element(view.bytes().begin(), view.bytes().end()), 9);
    }
  }
}

TEST(WarpTest, ShearMovesTopAndBottomApart) {
  const Image image = MakeRamp(100, 100);
  Geometry geometry = WholePicture(image);
  geometry.shear = 0.2;
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 50, 50));
  // Ten pixels of the source one way at the top, the other way at the bottom.
  const auto red = [](const Image& from, int x, int y) {
    return static_cast<int>(Pixel(from, x, y)[0]);
  };
  EXPECT_NEAR(red(view, 25, 25), 129, 2);
  EXPECT_NEAR(red(view, 25, 0), red(view, 25, 25) - 25, 2);
  EXPECT_NEAR(red(view, 25, 49), red(view, 25, 25) + 25, 2);
  EXPECT_NEAR(Pixel(view, 10, 40)[1], Pixel(view, 40, 40)[1], 1);
}

// Perspective brings its horizon near; what is bent must not get beyond it.
TEST(WarpTest, ABendStaysWithinItsReachUnderAnyPerspective) {
  const Image image = MakeRamp(100, 100);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Geometry geometry = WholePicture(image);
    for (double& corner : geometry.corners) corner = 0.6 * random.Uniform();
    ASSERT_OK_AND_ASSIGN(const Image plain, Warp(image, geometry, 50, 50));
    geometry.bend = Bend::Draw(0.6, random);
    ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 50, 50));
    // 0.6 of half a side is 77 of 255 levels of the ramp.
    for (int y = 0; y < 50; ++y) {
      for (int x = 0; x < 50; ++x) {
        for (int c = 0; c < 2; ++c) {
          ASSERT_NEAR(Pixel(view, x, y)[c], Pixel(plain, x, y)[c], 80)
              << x << "," << y;
        }
      }
    }
  }
}

TEST(WarpTest, ABendMovesPointsByNoMoreThanItsReach) {
  const Image image = MakeRamp(100, 100);
  Geometry geometry = WholePicture(image);
  Random random(5);
  geometry.bend = Bend::Draw(0.1, random);
  ASSERT_OK_AND_ASSIGN(const Image view, Warp(image, geometry, 50, 50));
  ASSERT_OK_AND_ASSIGN(const Image plain, Resize(image, 50, 50));
  int largest = 0;
  for (int y = 5; y < 45; ++y) {
    for (int x = 5; x < 45; ++x) {
      for (int c = 0; c < 2; ++c) {
        largest = std::max(
            largest, std::abs(Pixel(view, x, y)[c] - Pixel(plain, x, y)[c]));
      }
    }
  }
  // A tenth of half a side is 13 of 255 levels of the ramp.
  EXPECT_LE(largest, 15);
  EXPECT_GE(largest, 5);
}

TEST(WarpTest, RefusesWhatIsNotThere) {
  const Image image = MakeRamp(10, 10);
  Geometry geometry = WholePicture(image);
  EXPECT_THAT(Warp(Image(), geometry, 5, 5), BlamesField("image"));
  geometry.zoom = 0;
  EXPECT_THAT(Warp(image, geometry, 5, 5), BlamesField("zoom"));
  geometry = WholePicture(image);
  geometry.region.left = 3;
  EXPECT_THAT(Warp(image, geometry, 5, 5), BlamesField("region"));
}

}  // namespace
}  // namespace likeness
