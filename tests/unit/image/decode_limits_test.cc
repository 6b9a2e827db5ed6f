#include <sys/resource.h>

#include <string>

#include "engine/image/decode.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Encode;
using testing::Fails;
using testing::HasReason;
using testing::MakeQuarters;

// Sides of whole coding blocks: HEIC allocates those, so its limits count them.
class LimitsTest : public ::testing::TestWithParam<std::string> {
 protected:
  const std::string bytes_ = Encode(MakeQuarters(128, 64), GetParam());
};

TEST_P(LimitsTest, BytesAreInclusive) {
  DecodeLimits limits;
  limits.max_bytes = bytes_.size();
  EXPECT_OK(DecodeImage(bytes_, limits));
  --limits.max_bytes;
  const auto over = DecodeImage(bytes_, limits);
  EXPECT_THAT(over, HasReason(kReasonLimitExceeded));
  EXPECT_THAT(over, Fails(absl::StatusCode::kResourceExhausted, "bytes"));
}

TEST_P(LimitsTest, PixelsAreInclusive) {
  DecodeLimits limits;
  limits.max_pixels = 8192;
  EXPECT_OK(DecodeImage(bytes_, limits));
  limits.max_pixels = 8191;
  EXPECT_THAT(DecodeImage(bytes_, limits),
              Fails(absl::StatusCode::kResourceExhausted,
                    "8192 pixels, the limit is 8191"));
}

TEST_P(LimitsTest, SidesAreInclusive) {
  DecodeLimits limits;
  limits.max_side = 128;
  EXPECT_OK(DecodeImage(bytes_, limits));
  limits.max_side = 127;
  EXPECT_THAT(DecodeImage(bytes_, limits),
              Fails(absl::StatusCode::kResourceExhausted,
                    "128 pixels of width, the limit is 127"));
}

INSTANTIATE_TEST_SUITE_P(AllFormats, LimitsTest,
                         ::testing::Values(".jpg", ".png", ".webp", ".gif",
                                           ".tif", ".avif", ".heic"));

TEST(LimitsTest, FramesAreInclusive) {
  // Three pages of 20 rows, as libvips writes animations.
  const std::string bytes =
      Encode(MakeQuarters(30, 60), ".gif[page_height=20]");
  DecodeLimits limits;
  limits.max_frames = 3;
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded, DecodeImage(bytes, limits));
  EXPECT_EQ(decoded.image.height(), 20);
  limits.max_frames = 2;
  EXPECT_THAT(
      DecodeImage(bytes, limits),
      Fails(absl::StatusCode::kResourceExhausted, "3 frames, the limit is 2"));
}

// Kilobytes that the process ever held at once.
int64_t PeakMemory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void PutBigEndian(std::string* bytes, size_t at, uint32_t value, int width) {
  for (int i = 0; i < width; ++i) {
    (*bytes)[at + static_cast<size_t>(i)] =
        static_cast<char>(value >> (8 * (width - 1 - i)));
  }
}

TEST(LimitsTest, HugeHeaderCostsNoMemory) {
  // 60,000 x 60,000 pixels would be 10.8 GB; both are refused by pixels, with
  // the limit on sides out of the way.
  DecodeLimits limits;
  limits.max_side = 65'535;
  std::string jpeg = Encode(MakeQuarters(64, 64), ".jpg");
  const size_t frame = jpeg.find(std::string("\xff\xc0\x00\x11\x08", 5));
  ASSERT_NE(frame, std::string::npos);
  PutBigEndian(&jpeg, frame + 5, 60'000, 2);
  PutBigEndian(&jpeg, frame + 7, 60'000, 2);

  std::string bmp(54 + 64, '\0');
  bmp.replace(0, 2, "BM");
  bmp[10] = 54;
  bmp[14] = 40;
  bmp[18] = bmp[22] = '\x60';
  bmp[19] = bmp[23] = '\xea';  // 60,000, little-endian.
  bmp[28] = 24;

  const int64_t before = PeakMemory();
  EXPECT_THAT(DecodeImage(jpeg, limits), HasReason(kReasonLimitExceeded));
  EXPECT_THAT(DecodeImage(bmp, limits), HasReason(kReasonLimitExceeded));
  EXPECT_LT(PeakMemory() - before, 64 << 10);
}

TEST(LimitsTest, ValidateNamesTheField) {
  DecodeLimits limits;
  EXPECT_OK(limits.Validate());
  limits.max_side = 0;
  EXPECT_THAT(limits.Validate(), BlamesField("max_side"));
  limits = {};
  limits.max_pixels = 0;
  EXPECT_THAT(limits.Validate(), BlamesField("max_pixels"));
  limits = {};
  limits.max_frames = 0;
  EXPECT_THAT(limits.Validate(), BlamesField("max_frames"));
  limits = {};
  limits.max_bytes = 0;
  EXPECT_THAT(limits.Validate(), BlamesField("max_bytes"));
}

}  // namespace
}  // namespace likeness
