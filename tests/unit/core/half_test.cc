#include "engine/core/half.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "gtest/gtest.h"

namespace likeness {
namespace {

// By IEEE 754-2019, 3.4: one bit of sign, five of exponent (bias 15), ten of
// fraction.
TEST(HalfTest, HasTheBitsOfTheStandard) {
  for (const auto& [value, half] : {std::pair{0.0F, 0x0000},
                                    {-0.0F, 0x8000},
                                    {1.0F, 0x3C00},
                                    {-2.0F, 0xC000},
                                    {0.5F, 0x3800},
                                    {0.0999755859375F, 0x2E66},
                                    {65504.0F, 0x7BFF},
                                    {0x1p-14F, 0x0400},
                                    {0x3FFp-24F, 0x03FF},
                                    {-0x1p-24F, 0x8001}}) {
    EXPECT_EQ(FloatToHalf(value), half) << value;
    EXPECT_EQ(HalfToFloat(static_cast<uint16_t>(half)), value);
  }
}

TEST(HalfTest, RoundsToTheNearestAndTiesToEven) {
  for (const auto& [value, half] :
       {// Halfway between 1 and 1 + 2^-10, and between that and the next one.
        std::pair{0x1.002p0F, 0x3C00},
        {0x1.006p0F, 0x3C02},
        {0x1.002002p0F, 0x3C01},
        {0x1.001FFEp0F, 0x3C00},
        {0.1F, 0x2E66},
        // The fraction's carry goes into the exponent.
        {0x1.FFEp0F, 0x4000},
        {0x1.FFDFFEp0F, 0x3FFF},
        // Subnormal: halfway to the smallest, over it, one and a half of it.
        {0x1p-25F, 0x0000},
        {0x1.000002p-25F, 0x0001},
        {0x1.8p-24F, 0x0002},
        {0x1.4p-23F, 0x0002},
        {-0x1p-149F, 0x8000},
        // Up into the normal numbers.
        {0x1.FFCp-15F, 0x0400},
        {0x1.FF4p-15F, 0x03FE},
        {0x1.FF4002p-15F, 0x03FF}}) {
    EXPECT_EQ(FloatToHalf(value), half) << value;
  }
}

TEST(HalfTest, WhatIsTooLargeIsInfinite) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(FloatToHalf(65519.996F), 0x7BFF);
  EXPECT_EQ(FloatToHalf(65520), 0x7C00);
  EXPECT_EQ(FloatToHalf(-1e9F), 0xFC00);
  EXPECT_EQ(FloatToHalf(kInfinity), 0x7C00);
  EXPECT_EQ(HalfToFloat(0xFC00), -kInfinity);
  EXPECT_TRUE(std::isnan(HalfToFloat(FloatToHalf(NAN))));
}

TEST(HalfTest, EveryHalfComesBack) {
  for (uint32_t half = 0; half <= 0xFFFF; ++half) {
    const float value = HalfToFloat(static_cast<uint16_t>(half));
    if (std::isnan(value)) continue;
    ASSERT_EQ(FloatToHalf(value), half);
  }
}

}  // namespace
}  // namespace likeness
