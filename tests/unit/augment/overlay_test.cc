#include "engine/augment/overlay.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::PatchworkImage;

Image Grey(int width, int height) {
  Image image(width, height);
  std::memset(image.data(), 128, image.size_bytes());
  return image;
}

// The share of pixels that are no longer grey.
double Changed(const Image& image) {
  size_t count = 0;
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    const uint8_t* rgb = image.data() + i;
    count += rgb[0] != 128 || rgb[1] != 128 || rgb[2] != 128 ? 1 : 0;
  }
  return 3.0 * static_cast<double>(count) /
         static_cast<double>(image.size_bytes());
}

TEST(OverlayTest, EraseAndCoverTakeTheirShareOfTheArea) {
  const std::vector<std::shared_ptr<const Image>> others = {
      std::make_shared<const Image>(PatchworkImage(1, 50))};
  for (uint64_t seed = 0; seed < 50; ++seed) {
    for (const double share : {0.05, 0.3, 0.9}) {
      Random random(seed);
      Image erased = Grey(120, 80);
      ASSERT_OK(Erase(erased, share, random));
      EXPECT_NEAR(Changed(erased), share, 0.02);
      Image covered = Grey(120, 80);
      ASSERT_OK(Cover(covered, share, others, random));
      EXPECT_NEAR(Changed(covered), share, 0.02);
      Image flat = Grey(120, 80);
      ASSERT_OK(Cover(flat, share, {}, random));
      EXPECT_NEAR(Changed(flat), share, 0.02);
    }
  }
}

TEST(OverlayTest, PlacesDiffer) {
  Random random(3);
  Image first = Grey(60, 60);
  Image second = Grey(60, 60);
  ASSERT_OK(OverlayShape(first, 0.3, random));
  ASSERT_OK(OverlayShape(second, 0.3, random));
  EXPECT_NE(first.bytes(), second.bytes());
}

TEST(OverlayTest, TextAndShapesAreSeen) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    Image text = Grey(150, 100);
    ASSERT_OK(OverlayText(text, 0.1, random));
    EXPECT_GT(Changed(text), 0.002);
    EXPECT_LT(Changed(text), 0.5);
    Image shape = Grey(150, 100);
    ASSERT_OK(OverlayShape(shape, 0.4, random));
    EXPECT_GT(Changed(shape), 0.03);
    EXPECT_LT(Changed(shape), 0.11);
  }
}

TEST(OverlayTest, TakesOnePixelAndTheStrongestEdits) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    Image image = Grey(1, 1);
    EXPECT_OK(Erase(image, 0.9, random));
    EXPECT_OK(Cover(image, 0.9, {}, random));
    EXPECT_OK(OverlayShape(image, 0.9, random));
    EXPECT_OK(OverlayText(image, 0.5, random));
  }
}

TEST(OverlayTest, RefusesStrengthsOutOfRange) {
  Random random(1);
  Image image = Grey(4, 4);
  Image empty;
  EXPECT_THAT(Erase(image, 0.95, random), BlamesField("erase"));
  EXPECT_THAT(Cover(image, -0.1, {}, random), BlamesField("cover"));
  EXPECT_THAT(OverlayShape(image, 1, random), BlamesField("shape"));
  EXPECT_THAT(OverlayText(image, 1, random), BlamesField("text"));
  EXPECT_THAT(OverlayText(empty, 0.1, random), BlamesField("image"));
}

}  // namespace
}  // namespace likeness
