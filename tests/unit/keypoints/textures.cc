#include "tests/unit/keypoints/textures.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/core/random.h"

namespace likeness::testing {
namespace {

using Rgb = std::array<uint8_t, 3>;

void Put(Image& image, int x, int y, const Rgb& colour) {
  const size_t at =
      static_cast<size_t>(y) * static_cast<size_t>(image.width()) +
      static_cast<size_t>(x);
  std::copy(colour.begin(), colour.end(), image.data() + 3 * at);
}

}  // namespace

Image TextureImage(uint64_t seed, int width, int height) {
  constexpr int kShapes = 250;
  Random random(seed);
  Image image = FlatImage(width, height, 200);
  for (int i = 0; i < kShapes; ++i) {
    const int x = static_cast<int>(random.Below(static_cast<size_t>(width)));
    const int y = static_cast<int>(random.Below(static_cast<size_t>(height)));
    const int across = 3 + static_cast<int>(random.Below(22));
    const int down = 3 + static_cast<int>(random.Below(22));
    const bool is_disc = random.Chance(0.5);
    Rgb colour;
    for (uint8_t& value : colour)
      value = static_cast<uint8_t>(random.Below(256));
    for (int v = std::max(0, y - down); v < std::min(height, y + down); ++v) {
      for (int u = std::max(0, x - across); u < std::min(width, x + across);
           ++u) {
        const double p = static_cast<double>(u - x) / across;
        const double q = static_cast<double>(v - y) / down;
        if (!is_disc || p * p + q * q <= 1) Put(image, u, v, colour);
      }
    }
  }
  return image;
}

Image FlatImage(int width, int height, uint8_t level) {
  Image image(width, height);
  std::fill_n(image.data(), image.size_bytes(), level);
  return image;
}

void CoverPart(Image& image, int left, int top, int width, int height) {
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) Put(image, x, y, {90, 90, 90});
  }
}

}  // namespace likeness::testing
