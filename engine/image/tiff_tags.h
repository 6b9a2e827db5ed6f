// Single tags out of TIFF structures: EXIF is one, and TIFF files are.
#ifndef LIKENESS_ENGINE_IMAGE_TIFF_TAGS_H_
#define LIKENESS_ENGINE_IMAGE_TIFF_TAGS_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace likeness {

// Tags of TIFF 6.0, section 8.
inline constexpr uint32_t kTiffCompression = 259;
inline constexpr uint32_t kTiffPhotometric = 262;
inline constexpr uint32_t kTiffOrientation = 274;

// The first value of `tag` in the first directory of `tiff`, where it is a
// SHORT or LONG that stands in the directory itself. Empty when there is none
// or anything on the way to it is broken.
std::optional<uint32_t> ReadTiffTag(absl::string_view tiff, uint32_t tag);

// Orientation, 1..8, out of `tiff`, which EXIF data is behind its "Exif\0\0".
// 1 (upright) when there is none, or when anything about it is broken: wrong
// metadata must not lose a picture. Source: Exif 2.32, section 4.6.4.
int ReadExifOrientation(absl::string_view tiff);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_TIFF_TAGS_H_
