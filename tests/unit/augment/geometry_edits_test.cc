#include "engine/augment/geometry_edits.h"

#include <cmath>
#include <set>

#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::PatchworkImage;

TEST(GeometryEditsTest, CropKeepsItsShareInsideThePicture) {
  std::set<double> places;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    ASSERT_OK_AND_ASSIGN(const Geometry geometry,
                         DrawGeometry({.crop = 0.4}, 300, 200, random));
    const Region& region = geometry.region;
    EXPECT_NEAR(region.width * region.height, 0.6 * 300 * 200, 1e-6);
    EXPECT_NEAR(region.width / region.height, 1.5, 1e-9);
    EXPECT_GE(region.left, 0);
    EXPECT_LE(region.left + region.width, 300 + 1e-9);
    EXPECT_GE(region.top, 0);
    EXPECT_LE(region.top + region.height, 200 + 1e-9);
    places.insert(region.left);
  }
  EXPECT_EQ(places.size(), 100U);
}

TEST(GeometryEditsTest, AspectIsAgainstThePictures) {
  Random random(1);
  ASSERT_OK_AND_ASSIGN(
      const Geometry geometry,
      DrawGeometry({.crop = 0.5, .aspect = std::log(1.5)}, 300, 200, random));
  EXPECT_NEAR(geometry.region.width / geometry.region.height, 1.5 * 1.5, 1e-9);
}

TEST(GeometryEditsTest, EditsHaveTheirNaturalSize) {
  const Image image = PatchworkImage(1, 80);
  Random random(2);
  ASSERT_OK_AND_ASSIGN(const Image cropped, Crop(image, 0.75, random));
  EXPECT_EQ(cropped.width(), 40);
  ASSERT_OK_AND_ASSIGN(const Image turned, Turn(image, 30, random));
  EXPECT_EQ(turned.width(), 109);
  ASSERT_OK_AND_ASSIGN(const Image rotated, Rotate(image, 30));
  EXPECT_EQ(rotated.width(), 80);
  ASSERT_OK_AND_ASSIGN(const Image zoomed, Zoom(image, 1, random));
  EXPECT_EQ(zoomed.width(), 80);
  ASSERT_OK_AND_ASSIGN(const Image tilted, Perspective(image, 0.3, random));
  EXPECT_EQ(tilted.width(), 80);
  EXPECT_NE(tilted.bytes(), image.bytes());
}

TEST(GeometryEditsTest, FourQuarterTurnsAreThePicture) {
  Image image = PatchworkImage(1, 80);
  const Image original = image.Clone();
  for (int i = 0; i < 4; ++i) {
    ASSERT_OK_AND_ASSIGN(image, QuarterTurn(image, 1));
    EXPECT_EQ(image.bytes() == original.bytes(), i == 3);
  }
}

TEST(GeometryEditsTest, RefusesStrengthsOutOfRange) {
  const Image image = PatchworkImage(1, 8);
  Random random(2);
  EXPECT_THAT(Crop(image, 1, random), BlamesField("crop"));
  EXPECT_THAT(Zoom(image, 4, random), BlamesField("zoom"));
  EXPECT_THAT(Turn(image, 200, random), BlamesField("turn"));
  EXPECT_THAT(QuarterTurn(image, 4), BlamesField("quarter_turn"));
  EXPECT_THAT(Rotate(image, -181), BlamesField("rotation"));
  EXPECT_THAT(Perspective(image, 0.31, random), BlamesField("perspective"));
  EXPECT_THAT(Crop(Image(), 0.1, random), BlamesField("image"));
}

}  // namespace
}  // namespace likeness
