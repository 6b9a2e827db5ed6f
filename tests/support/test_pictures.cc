#include "tests/support/test_pictures.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include "engine/image/encode.h"
#include "engine/image/image.h"
#include "gtest/gtest.h"

namespace likeness::testing {

Image PatchworkImage(uint32_t seed, int side) {
  constexpr int kFields = 8;
  std::mt19937 random(seed);
  std::array<uint8_t, size_t{3} * kFields * kFields> colours{};
  for (uint8_t& value : colours) value = static_cast<uint8_t>(random());
  Image image(side, side);
  uint8_t* pixel = image.data();
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const int field = y * kFields / side * kFields + x * kFields / side;
      for (int channel = 0; channel < 3; ++channel) {
        *pixel++ = colours[static_cast<size_t>(3 * field + channel)];
      }
    }
  }
  return image;
}

std::string PatchworkJpeg(uint32_t seed, int side, int quality) {
  auto jpeg = EncodeJpeg(PatchworkImage(seed, side), quality);
  EXPECT_TRUE(jpeg.ok()) << jpeg.status();
  return jpeg.ok() ? *std::move(jpeg) : "";
}

}  // namespace likeness::testing
