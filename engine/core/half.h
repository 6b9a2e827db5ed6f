// IEEE 754 binary16, half precision, as the bits of such numbers.
#ifndef LIKENESS_ENGINE_CORE_HALF_H_
#define LIKENESS_ENGINE_CORE_HALF_H_

#include <bit>
#include <cmath>
#include <cstdint>

namespace likeness {

inline constexpr float kLargestHalf = 65504;

// Exact.
inline float HalfToFloat(uint16_t half) {
  const uint32_t sign = (half & 0x8000U) << 16;
  const uint32_t exponent = (half >> 10) & 0x1FU;
  const uint32_t fraction = half & 0x3FFU;
  if (exponent == 0x1F) {
    return std::bit_cast<float>(sign | 0x7F800000U | (fraction << 13));
  }
  if (exponent == 0) {
    // Subnormal: fraction x 2^-24, exact in float.
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) |
                              (fraction << 13));
}

// The nearest, ties to even; from 65,520 on, halfway to 2^16, infinity. NaN
// stays one.
inline uint16_t FloatToHalf(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (bits >> 16) & 0x8000U;
  const float magnitude = std::fabs(value);
  uint32_t half = 0;
  if (std::isnan(value)) {
    half = 0x7E00U;
  } else if (magnitude >= 65520) {
    half = 0x7C00U;
  } else if (magnitude < 0x1p-14F) {
    // Subnormal: a multiple of 2^-24; 1024 of them are the smallest normal one.
    half = static_cast<uint32_t>(std::nearbyint(magnitude * 0x1p24F));
  } else {
    // What is cut off and 0xFFF, or 0x1000 where the last bit that stays is
    // odd, carry into that bit from halfway on, or beyond it; a carry out of
    // the fraction belongs to the exponent.
    const uint32_t odd = (bits >> 13) & 1U;
    half = ((bits & 0x7FFFFFFFU) - (112U << 23) + 0xFFFU + odd) >> 13;
  }
  return static_cast<uint16_t>(sign | half);
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_HALF_H_
