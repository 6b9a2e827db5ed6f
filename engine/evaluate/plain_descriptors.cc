#include "engine/evaluate/plain_descriptors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "engine/core/status_macros.h"
#include "engine/image/resize.h"

namespace likeness {
namespace {

constexpr int kHues = 16;
constexpr int kSaturations = 4;
constexpr int kValues = 4;
static_assert(kHues * kSaturations * kValues == kHistogramDimensions);

constexpr int kSide = 32;        // Of the picture that the hash is taken of.
constexpr int kFrequencies = 8;  // In each direction.
static_assert(kFrequencies * kFrequencies == kPHashBits);

// 0..5.99...: sixths of the colour circle from red through yellow and green.
double HueOf(int r, int g, int b, int high, int low) {
  if (high == low) return 0;  // Grey has none.
  const double range = high - low;
  if (high == r) return g >= b ? (g - b) / range : 6 - (b - g) / range;
  if (high == g) return 2 + (b - r) / range;
  return 4 + (r - g) / range;
}

size_t BinOf(const uint8_t* rgb) {
  const int r = rgb[0];
  const int g = rgb[1];
  const int b = rgb[2];
  const int high = std::max({r, g, b});
  const int low = std::min({r, g, b});
  const int hue = std::min(
      kHues - 1, static_cast<int>(HueOf(r, g, b, high, low) * kHues / 6));
  const int saturation =
      high == 0
          ? 0
          : std::min(kSaturations - 1, (high - low) * kSaturations / high);
  const int value = high * kValues / 256;
  const int bin = (hue * kSaturations + saturation) * kValues + value;
  return static_cast<size_t>(bin);
}

using Luma = std::array<double, size_t{kSide} * kSide>;

// Frequencies 1..8 in each direction of the DCT-II, without its scale factors:
// all of them have the same, and only their order counts.
std::array<double, kPHashBits> LowFrequencies(const Luma& luma) {
  std::array<std::array<double, kSide>, kFrequencies> wave{};
  for (int k = 0; k < kFrequencies; ++k) {
    for (int x = 0; x < kSide; ++x) {
      wave[k][x] =
          std::cos(std::numbers::pi * (k + 1) * (2 * x + 1) / (2.0 * kSide));
    }
  }
  std::array<std::array<double, kSide>, kFrequencies> rows{};
  for (int k = 0; k < kFrequencies; ++k) {
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int pixel = y * kSide + x;
        rows[k][y] += wave[k][x] * luma[static_cast<size_t>(pixel)];
      }
    }
  }
  std::array<double, kPHashBits> low{};
  for (int v = 0; v < kFrequencies; ++v) {
    for (int u = 0; u < kFrequencies; ++u) {
      const int bit = v * kFrequencies + u;
      for (int y = 0; y < kSide; ++y) {
        low[static_cast<size_t>(bit)] += wave[v][y] * rows[u][y];
      }
    }
  }
  return low;
}

template <typename IsSet>
std::vector<float> SignVector(size_t bits, const IsSet& is_set) {
  const float level = 1.0F / std::sqrt(static_cast<float>(bits));
  std::vector<float> vector(bits);
  for (size_t i = 0; i < bits; ++i) vector[i] = is_set(i) ? level : -level;
  return vector;
}

}  // namespace

std::vector<float> ColourHistogram(const Image& image) {
  std::array<uint64_t, kHistogramDimensions> counts{};
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    ++counts[BinOf(image.data() + i)];
  }
  const auto pixels =
      static_cast<double>(image.width()) * static_cast<double>(image.height());
  std::vector<float> roots(kHistogramDimensions);
  std::transform(counts.begin(), counts.end(), roots.begin(),
                 [pixels](uint64_t count) {
                   return static_cast<float>(
                       std::sqrt(static_cast<double>(count) / pixels));
                 });
  return roots;
}

absl::StatusOr<uint64_t> ComputePHash(const Image& image) {
  ASSIGN_OR_RETURN(const Image small, Resize(image, kSide, kSide));
  Luma luma{};
  for (size_t i = 0; i < luma.size(); ++i) {
    const uint8_t* rgb = small.data() + 3 * i;
    luma[i] = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
  }
  const std::array<double, kPHashBits> low = LowFrequencies(luma);
  std::array<double, kPHashBits> sorted = low;
  std::sort(sorted.begin(), sorted.end());
  const double median =
      (sorted[kPHashBits / 2 - 1] + sorted[kPHashBits / 2]) / 2;
  uint64_t hash = 0;
  for (size_t i = 0; i < low.size(); ++i) {
    if (low[i] > median) hash |= uint64_t{1} << i;
  }
  return hash;
}

std::vector<float> HashVector(uint64_t hash) {
  return SignVector(kPHashBits,
                    [hash](size_t i) { return ((hash >> i) & 1U) != 0; });
}

std::vector<float> HashVector(const PdqHash& hash) {
  return SignVector(8 * hash.bits.size(), [&hash](size_t i) {
    return ((hash.bits[i / 8] >> (i % 8)) & 1U) != 0;
  });
}

}  // namespace likeness
