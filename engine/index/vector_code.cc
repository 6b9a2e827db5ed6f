#include "engine/index/vector_code.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/core/half.h"
#include "engine/index/kernels.h"

namespace likeness {
namespace {

constexpr float kLargestCode = 127;

size_t RoundUp(size_t value, size_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

size_t Int8CodeWidth(size_t dimensions) {
  return RoundUp(dimensions, kInt8Width);
}

size_t TwoByteCodeWidth(size_t dimensions) {
  return RoundUp(dimensions, kTwoByteWidth);
}

float Int8Step(absl::Span<const float> values) {
  float largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::fabs(value));
  }
  return largest / kLargestCode;
}

void EncodeInt8(absl::Span<const float> vector, float step,
                absl::Span<int8_t> code) {
  const float scale = step > 0 ? 1 / step : 0;
  for (size_t i = 0; i < vector.size(); ++i) {
    const float steps = std::nearbyint(vector[i] * scale);
    code[i] =
        static_cast<int8_t>(std::clamp(steps, -kLargestCode, kLargestCode));
  }
  std::fill(code.begin() + vector.size(), code.end(), int8_t{0});
}

void EncodeBfloat16(absl::Span<const float> vector, absl::Span<uint16_t> code) {
  for (size_t i = 0; i < vector.size(); ++i) {
    const auto bits = std::bit_cast<uint32_t>(vector[i]);
    const uint32_t odd = (bits >> 16) & 1U;
    code[i] = static_cast<uint16_t>((bits + 0x7fffU + odd) >> 16);
  }
  std::fill(code.begin() + vector.size(), code.end(), uint16_t{0});
}

void EncodeFloat16(absl::Span<const float> vector, absl::Span<uint16_t> code) {
  for (size_t i = 0; i < vector.size(); ++i) {
    code[i] = FloatToHalf(std::clamp(vector[i], -kLargestHalf, kLargestHalf));
  }
  std::fill(code.begin() + vector.size(), code.end(), uint16_t{0});
}

}  // namespace likeness
