#include "engine/core/picture.h"

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(PictureTest, HammingDistanceCountsDifferingBits) {
  PdqHash a;
  PdqHash b;
  EXPECT_EQ(HammingDistance(a, b), 0);
  b.bits[0] = 0x81;
  b.bits[31] = 0x10;
  EXPECT_EQ(HammingDistance(a, b), 3);
  EXPECT_EQ(HammingDistance(b, a), 3);
  b.bits.fill(0xFF);
  EXPECT_EQ(HammingDistance(a, b), 256);
}

TEST(PictureTest, EveryFormatHasAName) {
  for (int value = 1; value <= 8; ++value) {
    EXPECT_NE(ImageFormatName(static_cast<ImageFormat>(value)), "unknown");
  }
  EXPECT_EQ(ImageFormatName(ImageFormat::kUnknown), "unknown");
}

}  // namespace
}  // namespace likeness
