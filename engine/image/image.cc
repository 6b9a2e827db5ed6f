#include "engine/image/image.h"

#include <cstring>

namespace likeness {

Image::Image(int width, int height)
    : width_(width),
      height_(height),
      pixels_(std::make_unique_for_overwrite<uint8_t[]>(size_bytes())) {}

Image Image::Clone() const {
  if (empty()) return {};
  Image copy(width_, height_);
  std::memcpy(copy.data(), data(), size_bytes());
  return copy;
}

}  // namespace likeness
