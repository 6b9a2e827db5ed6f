#ifndef LIKENESS_ENGINE_IMAGE_IMAGE_H_
#define LIKENESS_ENGINE_IMAGE_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"

namespace likeness {

// Pixels: 8-bit sRGB, interleaved R G B, rows from the top without padding,
// already oriented upright and composed on white. Movable, not copyable: a copy
// of pixels is always spelled out (Clone).
class Image {
 public:
  Image() = default;

  // Uninitialised pixels. Requires width, height > 0 and limits already
  // checked by the caller.
  Image(int width, int height);

  Image(Image&&) = default;
  Image& operator=(Image&&) = default;

  Image Clone() const;

  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return width_ == 0; }
  size_t size_bytes() const {
    return size_t{3} * static_cast<size_t>(width_) *
           static_cast<size_t>(height_);
  }

  uint8_t* data() { return pixels_.get(); }
  const uint8_t* data() const { return pixels_.get(); }
  absl::Span<const uint8_t> bytes() const {
    return {pixels_.get(), size_bytes()};
  }

 private:
  int width_ = 0;
  int height_ = 0;
  std::unique_ptr<uint8_t[]> pixels_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_IMAGE_H_
