// BMP is decoded by the project itself, so its damaged forms are tried here.
#include <random>
#include <string>

#include "engine/image/decode.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::HasReason;

void Put(std::string* bytes, uint32_t value, int width) {
  for (int i = 0; i < width; ++i) {
    *bytes += static_cast<char>(value >> (8 * i));
  }
}

// A file of the plain 40-byte header, `palette` and `pixels`.
std::string MakeBmp(int width, int height, int depth, uint32_t compression,
                    const std::string& palette, const std::string& pixels) {
  std::string bytes = "BM";
  Put(&bytes, 0, 4);
  Put(&bytes, 0, 4);
  Put(&bytes, static_cast<uint32_t>(54 + palette.size()), 4);
  Put(&bytes, 40, 4);
  Put(&bytes, static_cast<uint32_t>(width), 4);
  Put(&bytes, static_cast<uint32_t>(height), 4);
  Put(&bytes, 1, 2);
  Put(&bytes, static_cast<uint32_t>(depth), 2);
  Put(&bytes, compression, 4);
  Put(&bytes, 0, 4);
  Put(&bytes, 0, 4);
  Put(&bytes, 0, 4);
  Put(&bytes, static_cast<uint32_t>(palette.size() / 4), 4);
  Put(&bytes, 0, 4);
  return bytes + palette + pixels;
}

const std::string kPalette("\0\0\xff\0\0\xff\0\0", 8);  // Red, green.

std::string TrueColour() {
  std::string pixels;
  for (int i = 0; i < 5 * 16; ++i) pixels += static_cast<char>(3 * i);
  return MakeBmp(5, 5, 24, 0, "", pixels);
}

std::string RunLengths() {
  // Bottom row: three red. Top row: literals red, green, red. End.
  return MakeBmp(3, 2, 8, 1, kPalette,
                 std::string("\3\0\0\0\0\3\0\1\0\0\0\1", 12));
}

TEST(BmpTest, RunsAndLiteralsFillRowsFromTheBottom) {
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded,
                       DecodeImage(RunLengths(), {}));
  const uint8_t* rgb = decoded.image.data();
  EXPECT_EQ(std::string(rgb, rgb + 9),
            std::string("\xff\0\0\0\xff\0\xff\0\0", 9));
  EXPECT_EQ(std::string(rgb + 9, rgb + 18),
            std::string("\xff\0\0\xff\0\0\xff\0\0", 9));
}

TEST(BmpTest, RowsAreStoredUpsideDownUnlessHeightIsNegative) {
  const std::string rows("\0\0\xff\0\xff\0\0\0", 8);  // Red, then blue.
  ASSERT_OK_AND_ASSIGN(const DecodedImage up,
                       DecodeImage(MakeBmp(1, 2, 24, 0, "", rows), {}));
  EXPECT_EQ(up.image.data()[2], 255);
  ASSERT_OK_AND_ASSIGN(const DecodedImage down,
                       DecodeImage(MakeBmp(1, -2, 24, 0, "", rows), {}));
  EXPECT_EQ(down.image.data()[0], 255);
}

TEST(BmpTest, IndexWithoutColourIsBlack) {
  ASSERT_OK_AND_ASSIGN(
      const DecodedImage decoded,
      DecodeImage(MakeBmp(1, 1, 8, 0, kPalette, std::string("\7\0\0\0", 4)),
                  {}));
  EXPECT_EQ(decoded.image.data()[0], 0);
}

TEST(BmpTest, RunThatLeavesItsRowIsCorrupt) {
  EXPECT_THAT(
      DecodeImage(MakeBmp(3, 1, 8, 1, kPalette, std::string("\x40\0\0\1", 4)),
                  {}),
      HasReason(kReasonCorruptPicture));
}

TEST(BmpTest, EveryTruncationIsCorrupt) {
  for (const std::string& bytes : {TrueColour(), RunLengths()}) {
    for (size_t size = 18; size + 4 < bytes.size(); ++size) {
      EXPECT_THAT(DecodeImage(bytes.substr(0, size), {}),
                  HasReason(kReasonCorruptPicture))
          << size << " of " << bytes.size();
    }
  }
}

TEST(BmpTest, FlippedBytesNeverCrash) {
  std::mt19937 random(11);
  DecodeLimits limits;
  limits.max_pixels = 1'000'000;
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = round % 2 == 0 ? TrueColour() : RunLengths();
    for (size_t i = 0; i < 1 + random() % 4; ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const auto decoded = DecodeImage(bytes, limits);
    EXPECT_TRUE(decoded.ok() || IsBadPicture(decoded.status()))
        << decoded.status();
  }
}

}  // namespace
}  // namespace likeness
