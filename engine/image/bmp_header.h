// What stands before the pixels of a BMP file.
#ifndef LIKENESS_ENGINE_IMAGE_BMP_HEADER_H_
#define LIKENESS_ENGINE_IMAGE_BMP_HEADER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

enum class BmpCoding {
  kRaw,         // Rows of packed samples.
  kRunLengths,  // Runs and literals of palette indices, or of whole pixels.
};

// One channel within a 16 or 32-bit pixel.
struct BmpMask {
  uint32_t mask = 0;  // 0: the channel is absent.

  // The channel of `pixel`, scaled to 0..255.
  uint8_t Extract(uint32_t pixel) const;
};

struct BmpHeader {
  int64_t width = 0;
  int64_t height = 0;
  bool top_down = false;
  uint32_t depth = 0;  // Bits a pixel: 1, 2, 4, 8, 16, 24 or 32.
  BmpCoding coding = BmpCoding::kRaw;
  std::array<BmpMask, 4> masks;  // Red, green, blue, alpha; depth 16 and 32.
  size_t palette_offset = 0;     // Depth 8 and less.
  size_t palette_size = 0;       // Entries, at most 256, all within the file.
  size_t palette_stride = 0;     // Bytes an entry, blue first.
  size_t pixel_offset = 0;

  // Bytes of a raw row.
  size_t Stride() const {
    return (static_cast<size_t>(width) * depth + 31) / 32 * 4;
  }
};

// Reads the header of `bytes`, which SniffFormat took for BMP: Windows 3 to V5
// and OS/2 1 and 2 (Microsoft, "Bitmap Header Types"). Sides are as stated, not
// yet checked. CORRUPT_PICTURE for one that contradicts itself or ends early,
// UNSUPPORTED_FORMAT for JPEG, PNG, CMYK and fax coding inside BMP.
absl::StatusOr<BmpHeader> ReadBmpHeader(absl::string_view bytes);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_BMP_HEADER_H_
