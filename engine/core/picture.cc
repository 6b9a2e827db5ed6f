#include "engine/core/picture.h"

#include <bit>
#include <cstddef>

namespace likeness {

absl::string_view ImageFormatName(ImageFormat format) {
  switch (format) {
    case ImageFormat::kUnknown:
      return "unknown";
    case ImageFormat::kJpeg:
      return "jpeg";
    case ImageFormat::kPng:
      return "png";
    case ImageFormat::kWebp:
      return "webp";
    case ImageFormat::kGif:
      return "gif";
    case ImageFormat::kTiff:
      return "tiff";
    case ImageFormat::kHeic:
      return "heic";
    case ImageFormat::kAvif:
      return "avif";
    case ImageFormat::kBmp:
      return "bmp";
  }
  return "unknown";
}

int HammingDistance(const PdqHash& a, const PdqHash& b) {
  int distance = 0;
  for (size_t i = 0; i < a.bits.size(); ++i) {
    distance += std::popcount(static_cast<uint8_t>(a.bits[i] ^ b.bits[i]));
  }
  return distance;
}

}  // namespace likeness
