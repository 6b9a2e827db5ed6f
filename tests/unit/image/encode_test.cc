#include "engine/image/encode.h"

#include <string>

#include "engine/image/decode.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::GridOf;
using testing::LargestDifference;
using testing::MakeQuarters;

TEST(EncodeTest, DecodesToWhatWasEncoded) {
  const Image image = MakeQuarters(101, 67);
  ASSERT_OK_AND_ASSIGN(const std::string jpeg, EncodeJpeg(image, 90));
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded, DecodeImage(jpeg, {}));
  EXPECT_EQ(decoded.image.width(), 101);
  EXPECT_LE(LargestDifference(GridOf(decoded.image), GridOf(image)), 6);
}

TEST(EncodeTest, LowerQualityIsSmaller) {
  const Image image = testing::MakeNoise(64, 64);
  ASSERT_OK_AND_ASSIGN(const std::string good, EncodeJpeg(image, 95));
  ASSERT_OK_AND_ASSIGN(const std::string poor, EncodeJpeg(image, 20));
  EXPECT_LT(poor.size(), good.size());
}

TEST(EncodeTest, ThumbnailNeverGrows) {
  ASSERT_OK_AND_ASSIGN(const std::string jpeg,
                       MakeThumbnail(MakeQuarters(20, 30), 64));
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded, DecodeImage(jpeg, {}));
  EXPECT_EQ(decoded.image.width(), 20);
  EXPECT_EQ(decoded.image.height(), 30);
}

TEST(EncodeTest, ThumbnailOfAStripKeepsOnePixel) {
  ASSERT_OK_AND_ASSIGN(const std::string jpeg,
                       MakeThumbnail(MakeQuarters(2000, 2), 16));
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded, DecodeImage(jpeg, {}));
  EXPECT_EQ(decoded.image.width(), 16);
  EXPECT_EQ(decoded.image.height(), 1);
}

TEST(EncodeTest, BadArgumentsAreNamed) {
  const Image image = MakeQuarters(8, 8);
  EXPECT_THAT(EncodeJpeg(image, 0), BlamesField("quality"));
  EXPECT_THAT(EncodeJpeg(Image(), 90), BlamesField("image"));
  EXPECT_THAT(MakeThumbnail(image, 15), BlamesField("max_side"));
  EXPECT_THAT(MakeThumbnail(image, 1025), BlamesField("max_side"));
}

}  // namespace
}  // namespace likeness
