#include "engine/augment/colour_edits.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::PatchworkImage;
using ::testing::ElementsAre;

Image Flat(std::array<uint8_t, 3> colour, int pixels = 1) {
  Image image(pixels, 1);
  for (size_t i = 0; i < image.size_bytes(); ++i) {
    image.data()[i] = colour[i % 3];
  }
  return image;
}

TEST(ColourEditsTest, BrightnessScalesAndClips) {
  ASSERT_OK_AND_ASSIGN(const Image image,
                       Brightness(Flat({100, 200, 10}), 0.5));
  EXPECT_THAT(image.bytes(), ElementsAre(150, 255, 15));
  ASSERT_OK_AND_ASSIGN(const Image black, Brightness(Flat({100, 200, 10}), -1));
  EXPECT_THAT(black.bytes(), ElementsAre(0, 0, 0));
}

TEST(ColourEditsTest, ContrastTurnsAboutTheMean) {
  Image image(2, 1);
  const std::array<uint8_t, 6> levels = {80, 80, 80, 120, 120, 120};
  std::copy(levels.begin(), levels.end(), image.data());
  ASSERT_OK_AND_ASSIGN(const Image harder, Contrast(image, 0.5));
  EXPECT_THAT(harder.bytes(), ElementsAre(70, 70, 70, 130, 130, 130));
  ASSERT_OK_AND_ASSIGN(const Image flat, Contrast(image, -1));
  EXPECT_THAT(flat.bytes(), ElementsAre(100, 100, 100, 100, 100, 100));
}

TEST(ColourEditsTest, SaturationKeepsTheLuma) {
  // Luma of (200, 100, 50) is 124.2.
  ASSERT_OK_AND_ASSIGN(const Image grey, Saturation(Flat({200, 100, 50}), -1));
  EXPECT_THAT(grey.bytes(), ElementsAre(124, 124, 124));
  ASSERT_OK_AND_ASSIGN(const Image half,
                       Saturation(Flat({200, 100, 50}), -0.5));
  EXPECT_THAT(half.bytes(), ElementsAre(162, 112, 87));
  ASSERT_OK_AND_ASSIGN(const Image same, Grey(Flat({200, 100, 50}), 1));
  EXPECT_EQ(same.bytes(), grey.bytes());
}

TEST(ColourEditsTest, HueKeepsGreysAndComesRound) {
  ASSERT_OK_AND_ASSIGN(const Image grey, Hue(Flat({90, 90, 90}), 77));
  for (const uint8_t sample : grey.bytes()) EXPECT_NEAR(sample, 90, 1);
  const Image image = Flat({150, 100, 120});
  ASSERT_OK_AND_ASSIGN(const Image there, Hue(image, 120));
  EXPECT_GT(std::abs(there.data()[0] - 150), 20);
  ASSERT_OK_AND_ASSIGN(const Image back, Hue(there, -120));
  for (size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(back.data()[c], image.data()[c], 2);
  }
}

TEST(ColourEditsTest, SeveralEditsAtOnceAreThoseInARow) {
  const Image image = Flat({130, 100, 70}, 4);
  ASSERT_OK_AND_ASSIGN(const Image once,
                       EditColours(image.Clone(), {.brightness = 0.1,
                                                   .contrast = 0.2,
                                                   .saturation = -0.3,
                                                   .hue = 20,
                                                   .grey = 0.25}));
  ASSERT_OK_AND_ASSIGN(Image in_a_row, Brightness(image, 0.1));
  ASSERT_OK_AND_ASSIGN(in_a_row, Contrast(in_a_row, 0.2));
  ASSERT_OK_AND_ASSIGN(in_a_row, Saturation(in_a_row, -0.3));
  ASSERT_OK_AND_ASSIGN(in_a_row, Grey(in_a_row, 0.25));
  ASSERT_OK_AND_ASSIGN(in_a_row, Hue(in_a_row, 20));
  for (size_t i = 0; i < once.size_bytes(); ++i) {
    EXPECT_NEAR(once.data()[i], in_a_row.data()[i], 3);
  }
}

TEST(ColourEditsTest, NothingIsChangedByZero) {
  const Image image = PatchworkImage(3, 32);
  ASSERT_OK_AND_ASSIGN(const Image same, EditColours(image.Clone(), {}));
  EXPECT_EQ(same.bytes(), image.bytes());
}

TEST(ColourEditsTest, RefusesStrengthsOutOfRange) {
  const Image image = Flat({1, 2, 3});
  EXPECT_THAT(Brightness(image, -1.1), BlamesField("brightness"));
  EXPECT_THAT(Hue(image, 181), BlamesField("hue"));
  EXPECT_THAT(Grey(image, 2), BlamesField("grey"));
  EXPECT_THAT(Contrast(Image(), 0.1), BlamesField("image"));
}

}  // namespace
}  // namespace likeness
