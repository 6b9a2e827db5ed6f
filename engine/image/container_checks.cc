#include "engine/image/container_checks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "engine/core/status_macros.h"
#include "engine/image/byte_reader.h"
#include "engine/image/picture_error.h"
#include "engine/image/tiff_tags.h"

namespace likeness {

absl::Status CheckTiffVariant(absl::string_view bytes) {
  constexpr uint32_t kYCbCr = 6;
  constexpr uint32_t kOldJpeg = 6;
  constexpr uint32_t kJpeg = 7;
  const auto compression = ReadTiffTag(bytes, kTiffCompression);
  if (compression == kOldJpeg) {
    return UnsupportedPicture("TIFF with old-style JPEG compression");
  }
  if (ReadTiffTag(bytes, kTiffPhotometric) == kYCbCr && compression != kJpeg) {
    return UnsupportedPicture("TIFF of YCbCr samples without JPEG compression");
  }
  return absl::OkStatus();
}

absl::Status CheckHeifSizes(absl::string_view bytes, ImageFormat format,
                            DecodeLimits limits) {
  constexpr int kLibraryLimit = 16'384;
  constexpr size_t kBox = 16;  // Name, version and flags, width, height.
  limits.max_side = std::min(limits.max_side, kLibraryLimit);
  for (size_t at = bytes.find("ispe"); at != absl::string_view::npos;
       at = bytes.find("ispe", at + 1)) {
    const bool is_box = at >= 4 && at + kBox <= bytes.size() &&
                        BigEndian32(bytes, at - 4) == kBox + 4;
    if (!is_box) continue;
    RETURN_IF_ERROR(CheckSize(format,
                              {.width = BigEndian32(bytes, at + 8),
                               .height = BigEndian32(bytes, at + 12)},
                              limits));
  }
  return absl::OkStatus();
}

}  // namespace likeness
