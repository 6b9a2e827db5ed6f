#include "engine/image/decode.h"

#include <string>
#include <tuple>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::Encode;
using testing::GridOf;
using testing::HasReason;
using testing::LargestDifference;
using testing::MakeQuarters;

// The stored form of an upright picture, by the definition of the tag (Exif
// 2.32, 4.6.4): what the stored first row and first column show.
Image Store(const Image& upright, int orientation) {
  const bool swap = orientation >= 5;
  const int width = upright.width();
  const int height = upright.height();
  Image stored(swap ? height : width, swap ? width : height);
  for (int row = 0; row < stored.height(); ++row) {
    for (int column = 0; column < stored.width(); ++column) {
      // Distances from the visual top and left.
      const bool from_right = orientation == 2 || orientation == 3 ||
                              orientation == 6 || orientation == 7;
      const bool from_bottom = orientation == 3 || orientation == 4 ||
                               orientation == 7 || orientation == 8;
      int x = swap ? row : column;
      int y = swap ? column : row;
      if (from_right) x = width - 1 - x;
      if (from_bottom) y = height - 1 - y;
      for (int c = 0; c < 3; ++c) {
        stored.data()[3 * (row * stored.width() + column) + c] =
            upright.data()[3 * (y * width + x) + c];
      }
    }
  }
  return stored;
}

class OrientationTest
    : public ::testing::TestWithParam<std::tuple<int, std::string>> {};

TEST_P(OrientationTest, PictureComesOutUpright) {
  const auto& [orientation, suffix] = GetParam();
  const Image upright = MakeQuarters(96, 64);
  const std::string bytes =
      Encode(Store(upright, orientation), suffix, orientation);
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded, DecodeImage(bytes, {}));
  EXPECT_EQ(decoded.source_width, 96);
  EXPECT_EQ(decoded.source_height, 64);
  EXPECT_EQ(decoded.image.width(), 96);
  // Subsampled chroma bleeds over the edges of the quarters; a wrong turn is
  // off by more than 100.
  EXPECT_LE(LargestDifference(GridOf(decoded.image), GridOf(upright)), 12);
}

INSTANTIATE_TEST_SUITE_P(
    AllTurns, OrientationTest,
    ::testing::Combine(::testing::Range(1, 9),
                       ::testing::Values(".jpg[Q=95,no_subsample]", ".png",
                                         ".tif", ".webp[Q=95]")));

class FormatTest
    : public ::testing::TestWithParam<std::tuple<std::string, ImageFormat>> {};

TEST_P(FormatTest, KeepsPixelsAndStatesFormatAndSize) {
  const auto& [suffix, format] = GetParam();
  const Image image = MakeQuarters(80, 48);
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded,
                       DecodeImage(Encode(image, suffix), {}));
  EXPECT_EQ(decoded.format, format);
  EXPECT_EQ(decoded.source_width, 80);
  EXPECT_EQ(decoded.source_height, 48);
  // Palettes and chroma subsampling cost a little.
  EXPECT_LE(LargestDifference(GridOf(decoded.image), GridOf(image)), 12);
}

INSTANTIATE_TEST_SUITE_P(
    AllFormats, FormatTest,
    ::testing::Values(
        std::tuple(".jpg[Q=95]", ImageFormat::kJpeg),
        std::tuple(".jpg[Q=95,interlace]", ImageFormat::kJpeg),
        std::tuple(".png", ImageFormat::kPng),
        std::tuple(".png[interlace]", ImageFormat::kPng),
        std::tuple(".png[palette]", ImageFormat::kPng),
        std::tuple(".webp[Q=95]", ImageFormat::kWebp),
        std::tuple(".webp[lossless]", ImageFormat::kWebp),
        std::tuple(".gif", ImageFormat::kGif),
        std::tuple(".tif", ImageFormat::kTiff),
        std::tuple(".tif[compression=jpeg,Q=95]", ImageFormat::kTiff),
        std::tuple(".tif[compression=lzw,tile]", ImageFormat::kTiff),
        std::tuple(".tif[bigtiff]", ImageFormat::kTiff),
        std::tuple(".avif[Q=90]", ImageFormat::kAvif),
        std::tuple(".heic[Q=90]", ImageFormat::kHeic)));

class TargetSideTest : public ::testing::TestWithParam<std::string> {};

TEST_P(TargetSideTest, SmallerPictureKeepsTheTargetAndTheSourceSize) {
  const Image image = MakeQuarters(640, 481);
  const std::string bytes = Encode(image, GetParam());
  ASSERT_OK_AND_ASSIGN(const DecodedImage half, DecodeImage(bytes, {}, 200));
  EXPECT_EQ(half.image.width(), 320);
  EXPECT_EQ(half.image.height(), 241);
  EXPECT_EQ(half.source_width, 640);
  EXPECT_EQ(half.source_height, 481);
  EXPECT_LE(LargestDifference(GridOf(half.image), GridOf(image)), 4);
  ASSERT_OK_AND_ASSIGN(const DecodedImage least, DecodeImage(bytes, {}, 1));
  EXPECT_EQ(least.image.height(), 61);
  ASSERT_OK_AND_ASSIGN(const DecodedImage whole, DecodeImage(bytes, {}, 400));
  EXPECT_EQ(whole.image.height(), 481);
}

INSTANTIATE_TEST_SUITE_P(JpegAndOthers, TargetSideTest,
                         ::testing::Values(".jpg[Q=95]", ".png", ".tif"));

TEST(DecodeTest, ErrorsTellApartEmptyForeignAndUnknown) {
  EXPECT_THAT(DecodeImage("", {}), HasReason(kReasonEmptyPicture));
  EXPECT_THAT(DecodeImage("just a text, no picture", {}),
              HasReason(kReasonNotAPicture));
  EXPECT_THAT(DecodeImage("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", {}),
              HasReason(kReasonUnsupportedFormat));
  EXPECT_THAT(DecodeImage(std::string("\xff\xd8\xff", 3), {}),
              HasReason(kReasonCorruptPicture));
}

TEST(DecodeTest, BrokenExifIsIgnored) {
  const Image image = MakeQuarters(32, 32);
  std::string bytes = Encode(image, ".jpg[Q=95]", 6);
  const size_t exif = bytes.find("Exif");
  ASSERT_NE(exif, std::string::npos);
  for (size_t i = exif + 10; i < exif + 14; ++i) bytes[i] = '\xff';
  EXPECT_OK(DecodeImage(bytes, {}));
}

}  // namespace
}  // namespace likeness
