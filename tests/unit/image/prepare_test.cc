#include "engine/image/prepare.h"

#include <string>
#include <vector>

#include "engine/image/pdq.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Encode;
using testing::GridOf;
using testing::HasReason;
using testing::LargestDifference;
using testing::MakeQuarters;
using testing::MakeScene;

TEST(PrepareTest, FactsAreThoseOfTheUprightFile) {
  const std::string bytes = Encode(MakeQuarters(90, 60), ".jpg", 6);
  ASSERT_OK_AND_ASSIGN(const PreparedPicture prepared,
                       PreparePicture(bytes, {}));
  EXPECT_EQ(prepared.facts.width, 60);
  EXPECT_EQ(prepared.facts.height, 90);
  EXPECT_EQ(prepared.facts.format, ImageFormat::kJpeg);
  EXPECT_EQ(prepared.facts.size_bytes, bytes.size());
  EXPECT_EQ(prepared.facts.content_hash, Sha256(bytes));
  EXPECT_TRUE(prepared.thumbnail_jpeg.empty());
}

TEST(PrepareTest, StretchFillsTheInput) {
  const Image image = MakeQuarters(300, 150);
  ASSERT_OK_AND_ASSIGN(const PreparedPicture prepared,
                       PreparePicture(Encode(image, ".png"), {}));
  EXPECT_EQ(prepared.input.pixels.width(), 224);
  EXPECT_EQ(prepared.input.pixels.height(), 224);
  EXPECT_LE(LargestDifference(GridOf(prepared.input.pixels), GridOf(image)), 6);
}

TEST(PrepareTest, PadCentresOnWhite) {
  PrepareOptions options;
  options.fit = Fit::kPad;
  options.input_side = 100;
  ASSERT_OK_AND_ASSIGN(
      const PreparedPicture prepared,
      PreparePicture(Encode(MakeQuarters(300, 150), ".png"), options));
  const uint8_t* rgb = prepared.input.pixels.data();
  const auto at = [&](size_t x, size_t y) { return rgb[3 * (100 * y + x)]; };
  EXPECT_EQ(prepared.input.pixels.height(), 100);
  EXPECT_EQ(at(50, 24), 255);
  EXPECT_LT(at(10, 25), 230);
  EXPECT_LT(at(10, 74), 230);
  EXPECT_EQ(at(50, 75), 255);
}

TEST(PrepareTest, HashDependsOnThePictureAlone) {
  const std::string bytes = Encode(MakeScene(2400, 1800), ".jpg[Q=90]");
  ASSERT_OK_AND_ASSIGN(const PreparedPicture plain, PreparePicture(bytes, {}));
  PrepareOptions options;
  options.thumbnail_side = 1024;
  options.input_side = 128;
  options.fit = Fit::kPad;
  ASSERT_OK_AND_ASSIGN(const PreparedPicture other,
                       PreparePicture(bytes, options));
  EXPECT_EQ(plain.input.hash, other.input.hash);
  EXPECT_FALSE(other.thumbnail_jpeg.empty());
  // And the reduced decode costs it few bits.
  ASSERT_OK_AND_ASSIGN(const DecodedImage whole, DecodeImage(bytes, {}));
  ASSERT_OK_AND_ASSIGN(const PdqHash exact, ComputePdq(whole.image));
  EXPECT_LE(HammingDistance(exact, plain.input.hash), 10);
}

TEST(PrepareTest, ThumbnailKeepsTheShapeAndTheLimit) {
  PrepareOptions options;
  options.thumbnail_side = 64;
  ASSERT_OK_AND_ASSIGN(
      const PreparedPicture prepared,
      PreparePicture(Encode(MakeQuarters(300, 150), ".png"), options));
  ASSERT_OK_AND_ASSIGN(const DecodedImage thumbnail,
                       DecodeImage(prepared.thumbnail_jpeg, {}));
  EXPECT_EQ(thumbnail.format, ImageFormat::kJpeg);
  EXPECT_EQ(thumbnail.image.width(), 64);
  EXPECT_EQ(thumbnail.image.height(), 32);
}

TEST(PrepareTest, TimesAreAddedUp) {
  const std::string bytes = Encode(MakeQuarters(300, 150), ".png");
  PrepareTimes times;
  ASSERT_OK(PreparePicture(bytes, {}, &times));
  const absl::Duration once = times.decode;
  EXPECT_GT(once, absl::ZeroDuration());
  EXPECT_GT(times.resize, absl::ZeroDuration());
  EXPECT_GT(times.hash, absl::ZeroDuration());
  EXPECT_EQ(times.thumbnail, absl::ZeroDuration());
  ASSERT_OK(PreparePicture(bytes, {}, &times));
  EXPECT_GT(times.decode, once);
}

TEST(PrepareTest, ErrorsAreTheDecodersAndTheOptions) {
  EXPECT_THAT(PreparePicture("", {}), HasReason(kReasonEmptyPicture));
  PrepareOptions options;
  options.input_side = 513;
  EXPECT_THAT(PreparePicture("", options), BlamesField("input_side"));
}

}  // namespace
}  // namespace likeness
