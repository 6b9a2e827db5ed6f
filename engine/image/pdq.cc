#include "engine/image/pdq.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "engine/core/error.h"
#include "engine/image/separable_filter.h"

namespace likeness {
namespace {

constexpr int kGrid = 64;  // Side of the picture that the transform sees.
constexpr int kBand = 16;  // Side of the block of frequencies that is kept.
constexpr int kMinSide = 5;

using Grid = std::array<std::array<float, kGrid>, kGrid>;
using Spectrum = std::array<std::array<float, kBand>, kBand>;

// The two passes of a moving average over `length` samples followed by the
// choice of 64, as weights of one linear filter: only what is kept is computed.
// The window is `length` / 128, rounded up; at the borders it is the part of it
// that lies inside.
FilterTaps JaroszTaps(int length) {
  const int window = (length + 2 * kGrid - 1) / (2 * kGrid);
  const int reach_right = (window + 2) / 2 - 1;
  const int reach_left = window - 1 - reach_right;
  const auto begin = [&](int i) { return std::max(0, i - reach_left); };
  const auto end = [&](int i) { return std::min(length, i + reach_right + 1); };
  FilterTaps taps;
  std::vector<float> weights;
  for (int i = 0; i < kGrid; ++i) {
    const int sample = static_cast<int>((i + 0.5) * length / kGrid);
    const int first = begin(begin(sample));
    weights.assign(static_cast<size_t>(end(end(sample) - 1) - first), 0.0F);
    for (int j = begin(sample); j < end(sample); ++j) {
      const float share = 1.0F / static_cast<float>(end(j) - begin(j));
      for (int k = begin(j); k < end(j); ++k) {
        weights[static_cast<size_t>(k - first)] += share;
      }
    }
    taps.Add(first, weights);
  }
  return taps;
}

// Luma, blurred and decimated to 64 x 64. Luma is linear, so it is taken after
// the vertical filter, of 64 rows instead of all.
void Reduce(const Image& image, Grid* grid) {
  const FilterTaps columns = JaroszTaps(image.width());
  const FilterTaps rows = JaroszTaps(image.height());
  const auto width = static_cast<size_t>(image.width());
  std::vector<float> sums(3 * width);
  std::vector<float> luma(width);
  for (int y = 0; y < kGrid; ++y) {
    FilterColumns(image, rows, y, sums.data());
    for (size_t x = 0; x < width; ++x) {
      luma[x] = 0.299F * sums[3 * x] + 0.587F * sums[3 * x + 1] +
                0.114F * sums[3 * x + 2];
    }
    for (int x = 0; x < kGrid; ++x) {
      const float* from = luma.data() + columns.first(x);
      float total = 0;
      for (const float weight : columns.weights(x)) total += weight * *from++;
      (*grid)[static_cast<size_t>(y)][static_cast<size_t>(x)] = total;
    }
  }
}

// The published heuristic: the sum of quantised steps between neighbours.
int QualityOf(const Grid& grid) {
  const auto step = [](float a, float b) {
    return std::abs(static_cast<int>((a - b) * 100 / 255));
  };
  int sum = 0;
  for (size_t y = 0; y < kGrid; ++y) {
    for (size_t x = 0; x < kGrid; ++x) {
      if (y + 1 < kGrid) sum += step(grid[y][x], grid[y + 1][x]);
      if (x + 1 < kGrid) sum += step(grid[y][x], grid[y][x + 1]);
    }
  }
  return std::min(sum / 90, 100);
}

// Rows 1..16 of the 64-point DCT-II matrix.
std::array<std::array<float, kGrid>, kBand> MakeDct() {
  std::array<std::array<float, kGrid>, kBand> dct;
  const double norm = std::sqrt(2.0 / kGrid);
  for (size_t i = 0; i < kBand; ++i) {
    for (size_t j = 0; j < kGrid; ++j) {
      const double angle = std::numbers::pi / 2 / kGrid *
                           static_cast<double>((i + 1) * (2 * j + 1));
      dct[i][j] = static_cast<float>(norm * std::cos(angle));
    }
  }
  return dct;
}

// Frequencies (1..16) x (1..16) of `grid`.
Spectrum Transform(const Grid& grid) {
  static const auto kDct = MakeDct();
  Spectrum spectrum{};
  for (size_t i = 0; i < kBand; ++i) {
    std::array<float, kGrid> row{};
    for (size_t k = 0; k < kGrid; ++k) {
      for (size_t j = 0; j < kGrid; ++j) row[j] += kDct[i][k] * grid[k][j];
    }
    for (size_t j = 0; j < kBand; ++j) {
      for (size_t k = 0; k < kGrid; ++k) spectrum[i][j] += row[k] * kDct[j][k];
    }
  }
  return spectrum;
}

// One bit a frequency: whether it is above the (lower) median. Bit 0 is the
// last bit of the hexadecimal form.
std::array<uint8_t, 32> BitsOf(const Spectrum& spectrum) {
  std::array<float, size_t{kBand} * kBand> sorted;
  for (size_t i = 0; i < sorted.size(); ++i) {
    sorted[i] = spectrum[i / kBand][i % kBand];
  }
  const auto median = sorted.begin() + (sorted.size() - 1) / 2;
  std::nth_element(sorted.begin(), median, sorted.end());
  std::array<uint8_t, 32> bits{};
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (spectrum[i / kBand][i % kBand] <= *median) continue;
    uint8_t& byte = bits[31 - i / 8];
    byte = static_cast<uint8_t>(byte | 1U << (i % 8));
  }
  return bits;
}

}  // namespace

absl::StatusOr<PdqHash> ComputePdq(const Image& image) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  if (image.width() < kMinSide || image.height() < kMinSide) return PdqHash{};
  Grid grid;
  Reduce(image, &grid);
  return PdqHash{.bits = BitsOf(Transform(grid)), .quality = QualityOf(grid)};
}

}  // namespace likeness
