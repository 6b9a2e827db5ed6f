#include "engine/image/image.h"

#include <cstring>

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
