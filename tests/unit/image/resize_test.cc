#include "engine/image/resize.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::FromHex;
using testing::LargestDifference;
using testing::MakeNoise;

std::vector<uint8_t> BytesOf(const Image& image) {
  return {image.bytes().begin(), image.bytes().end()};
}

TEST(ResizeTest, AgreesWithPillowsBicubicWithinOneLevel) {
  for (const auto& row : testing::ReadGolden("resize_golden.json")) {
    SCOPED_TRACE(row.dump().substr(0, 60));
    const Image image = MakeNoise(row["from"][0], row["from"][1]);
    ASSERT_OK_AND_ASSIGN(const Image resized,
                         Resize(image, row["to"][0], row["to"][1]));
    EXPECT_LE(LargestDifference(BytesOf(resized),
                                FromHex(row["rgb"].get<std::string>())),
              1);
  }
}

TEST(ResizeTest, SameSizeKeepsEveryByteAndCallsAgree) {
  const Image image = MakeNoise(33, 21);
  ASSERT_OK_AND_ASSIGN(const Image same, Resize(image, 33, 21));
  EXPECT_EQ(BytesOf(same), BytesOf(image));
  ASSERT_OK_AND_ASSIGN(const Image first, Resize(image, 17, 40));
  ASSERT_OK_AND_ASSIGN(const Image second, Resize(image, 17, 40));
  EXPECT_EQ(BytesOf(first), BytesOf(second));
}

TEST(ResizeTest, FlatColourStaysFlat) {
  Image flat(37, 53);
  std::fill_n(flat.data(), flat.size_bytes(), uint8_t{200});
  ASSERT_OK_AND_ASSIGN(const Image resized, Resize(flat, 90, 8));
  for (const uint8_t sample : resized.bytes()) EXPECT_EQ(sample, 200);
}

TEST(ResizeTest, EverySourcePixelCounts) {
  // One white pixel among a million darkens nothing away: the mean stays.
  Image image(1000, 8);
  std::fill_n(image.data(), image.size_bytes(), uint8_t{0});
  for (size_t x = 0; x < 1000; x += 2) {
    for (size_t y = 0; y < 8; ++y) {
      std::fill_n(image.data() + 3 * (y * 1000 + x), 3, uint8_t{255});
    }
  }
  ASSERT_OK_AND_ASSIGN(const Image resized, Resize(image, 10, 8));
  for (const uint8_t sample : resized.bytes()) EXPECT_NEAR(sample, 128, 2);
}

TEST(ResizeTest, BadSizesAreRefusedByName) {
  const Image image = MakeNoise(4, 4);
  EXPECT_THAT(Resize(image, 0, 4), BlamesField("width"));
  EXPECT_THAT(Resize(image, 4, 32'769), BlamesField("height"));
  EXPECT_THAT(Resize(Image(), 4, 4), BlamesField("image"));
}

}  // namespace
}  // namespace likeness
