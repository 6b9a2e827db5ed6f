#include "tests/unit/embed/test_inputs.h"

#include <cstdint>

namespace likeness::testing {

NetworkInput Picture(int seed, int side) {
  NetworkInput input{Image(side, side), {}};
  uint8_t* out = input.pixels.data();
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const int dx = x - (37 * seed + 50) % side;
      const int dy = y - (91 * seed + 80) % side;
      const bool inside = dx * dx + dy * dy < 40 * (seed % 5 + 1) * side / 4;
      for (int c = 0; c < 3; ++c) {
        *out++ = static_cast<uint8_t>(inside ? (seed * 57 + c * 101) % 256
                                             : (x * (c + 1) + y) % 256);
      }
    }
  }
  input.hash.quality = seed;
  return input;
}

std::vector<NetworkInput> Pictures(int count) {
  std::vector<NetworkInput> pictures;
  for (int i = 0; i < count; ++i) pictures.push_back(Picture(i));
  return pictures;
}

}  // namespace likeness::testing
