// Facts about a picture that outlive its pixels: what items keep.
#ifndef LIKENESS_ENGINE_CORE_PICTURE_H_
#define LIKENESS_ENGINE_CORE_PICTURE_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "engine/core/sha256.h"

namespace likeness {

// What the first bytes of a file say it is. The values are stored in records:
// append only.
enum class ImageFormat : uint8_t {
  kUnknown = 0,
  kJpeg = 1,
  kPng = 2,
  kWebp = 3,
  kGif = 4,
  kTiff = 5,
  kHeic = 6,
  kAvif = 7,
  kBmp = 8,
};

// "jpeg", "png", ...; "unknown" for kUnknown.
absl::string_view ImageFormatName(ImageFormat format);

struct PictureFacts {
  Sha256Digest content_hash{};  // Of the encoded bytes.
  uint64_t size_bytes = 0;
  int width = 0;  // Pixels, upright (after EXIF orientation).
  int height = 0;
  ImageFormat format = ImageFormat::kUnknown;

  friend bool operator==(const PictureFacts&, const PictureFacts&) = default;
};

// A PDQ perceptual hash (engine/image/pdq.h computes it).
struct PdqHash {
  std::array<uint8_t, 32> bits{};  // In the order of the reference's hex form.
  // 0..100: how much structure the picture has. Below 50 the hash of a flat
  // picture is close to that of any other flat one and proves nothing.
  int quality = 0;

  friend bool operator==(const PdqHash&, const PdqHash&) = default;
};

// Number of differing bits, 0..256. Random pairs are near 128; the publishers
// call pairs at 31 or below a match.
int HammingDistance(const PdqHash& a, const PdqHash& b);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_PICTURE_H_
