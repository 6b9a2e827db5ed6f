// What the segments before a JPEG's first scan say, read without decoding.
#ifndef LIKENESS_ENGINE_IMAGE_JPEG_HEADER_H_
#define LIKENESS_ENGINE_IMAGE_JPEG_HEADER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

struct JpegHeader {
  int width = 0;
  int height = 0;
  int components = 0;   // 1 grey, 3 YCbCr or RGB, 4 CMYK or YCCK.
  bool adobe = false;   // An Adobe segment: CMYK is stored inverted.
  int orientation = 1;  // EXIF, 1..8.
  std::string icc;      // The profile, put together; empty when incomplete.
};

// Reads the header of `bytes`, which begin like a JPEG (ISO/IEC 10918-1, annex
// B; ICC.1:2010, annex B.4 for profiles). CORRUPT_PICTURE when the bytes end
// before the first scan, UNSUPPORTED_FORMAT for a coding process that the
// decoder lacks: lossless, hierarchical, arithmetic-lossless, 12 bit, height
// unknown, two components.
absl::StatusOr<JpegHeader> ReadJpegHeader(absl::string_view bytes);

// Whether an end-of-image marker follows the first scan: a file that was cut
// short has none.
bool HasEndOfImage(absl::string_view bytes);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_JPEG_HEADER_H_
