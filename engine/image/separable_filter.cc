#include "engine/image/separable_filter.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace likeness {
namespace {

// Floats that one step of the vertical filter keeps in registers.
constexpr size_t kChunk = 32;

// sums[0..N) = sum over k of weights[k] x pixels[k x stride + 0..N). The fixed
// length lets compilers turn the inner loops into vector instructions.
template <size_t N>
void SumChunk(const uint8_t* pixels, size_t stride,
              absl::Span<const float> weights, float* sums) {
  std::array<float, N> total{};
  for (const float weight : weights) {
    for (size_t i = 0; i < N; ++i) {
      total[i] += weight * static_cast<float>(pixels[i]);
    }
    pixels += stride;
  }
  std::copy(total.begin(), total.end(), sums);
}

uint8_t ToSample(float value) {
  return static_cast<uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

// One output row out of `sums`, which has one float more than it needs: four
// lanes are summed where three are used, since four make one vector.
void FilterRow(const float* sums, const FilterTaps& columns, uint8_t* rgb) {
  for (int x = 0; x < columns.size(); ++x, rgb += 3) {
    const float* from =
        sums + size_t{3} * static_cast<size_t>(columns.first(x));
    std::array<float, 4> total{};
    for (const float weight : columns.weights(x)) {
      for (size_t c = 0; c < 4; ++c) total[c] += weight * from[c];
      from += 3;
    }
    for (size_t c = 0; c < 3; ++c) rgb[c] = ToSample(total[c]);
  }
}

}  // namespace

void FilterTaps::Add(int first, absl::Span<const float> weights) {
  const float sum = std::accumulate(weights.begin(), weights.end(), 0.0F);
  runs_.push_back({first, weights_.size(), weights.size()});
  for (const float weight : weights) weights_.push_back(weight / sum);
}

void FilterColumns(const Image& image, const FilterTaps& rows, int output,
                   float* sums) {
  const size_t stride = size_t{3} * static_cast<size_t>(image.width());
  const uint8_t* pixels =
      image.data() + static_cast<size_t>(rows.first(output)) * stride;
  const absl::Span<const float> weights = rows.weights(output);
  size_t at = 0;
  for (; at + kChunk <= stride; at += kChunk) {
    SumChunk<kChunk>(pixels + at, stride, weights, sums + at);
  }
  for (; at < stride; ++at) {
    SumChunk<1>(pixels + at, stride, weights, sums + at);
  }
}

Image ApplySeparable(const Image& image, const FilterTaps& columns,
                     const FilterTaps& rows) {
  Image result(columns.size(), rows.size());
  std::vector<float> sums(size_t{3} * static_cast<size_t>(image.width()) + 1);
  uint8_t* rgb = result.data();
  for (int y = 0; y < rows.size(); ++y) {
    FilterColumns(image, rows, y, sums.data());
    FilterRow(sums.data(), columns, rgb);
    rgb += size_t{3} * static_cast<size_t>(result.width());
  }
  return result;
}

}  // namespace likeness
