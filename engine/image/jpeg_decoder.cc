#include <turbojpeg.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "engine/core/status_macros.h"
#include "engine/image/colour.h"
#include "engine/image/decoders.h"
#include "engine/image/jpeg_header.h"
#include "engine/image/orient.h"
#include "engine/image/picture_error.h"

namespace likeness {
namespace {

struct DestroyHandle {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using TurboHandle =
    std::unique_ptr<std::remove_pointer_t<tjhandle>, DestroyHandle>;

// The smallest of 1, 1/2, 1/4 and 1/8 that keeps the shorter side.
tjscalingfactor ChooseScale(const JpegHeader& header, int target_side) {
  tjscalingfactor scale = {1, 1};
  if (target_side <= 0) return scale;
  const int shorter = std::min(header.width, header.height);
  while (scale.denom < 8) {
    const tjscalingfactor next = {1, scale.denom * 2};
    if (TJSCALED(shorter, next) < target_side) break;
    scale = next;
  }
  return scale;
}

// Decodes to `pixels` (`width` x `height` samples of `pixel_format`).
//
// libjpeg-turbo mends what it can and warns. Warnings that mean lost pixels are
// errors here; stray bytes between segments, which many cameras write, are not.
// Only the first warning is reported, so a harmless one proves nothing about
// the rest: the end-of-image marker decides then.
absl::Status Decompress(absl::string_view bytes, int width, int height,
                        int pixel_format, uint8_t* pixels) {
  const TurboHandle turbo(tjInitDecompress());
  if (turbo == nullptr) return absl::ResourceExhaustedError("no JPEG decoder");
  const int failed = tjDecompress2(
      turbo.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
      bytes.size(), pixels, width, /*pitch=*/0, height, pixel_format,
      TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS);
  if (failed == 0) return absl::OkStatus();
  const absl::string_view message = tjGetErrorStr2(turbo.get());
  const bool harmless =
      tjGetErrorCode(turbo.get()) == TJERR_WARNING &&
      (absl::StrContains(message, "extraneous bytes") ||
       absl::StrContains(message, "Unknown Adobe color transform"));
  if (harmless && HasEndOfImage(bytes)) return absl::OkStatus();
  return CorruptPicture(ImageFormat::kJpeg, message);
}

// Grey or CMYK samples, converted behind the decoder.
absl::Status DecompressOther(absl::string_view bytes, const JpegHeader& header,
                             const ColourConverter& colour, Image* image) {
  const auto channels = static_cast<size_t>(header.components);
  const auto row = channels * static_cast<size_t>(image->width());
  std::vector<uint8_t> samples(row * static_cast<size_t>(image->height()));
  RETURN_IF_ERROR(Decompress(bytes, image->width(), image->height(),
                             header.components == 1 ? TJPF_GRAY : TJPF_CMYK,
                             samples.data()));
  if (header.components == 4 && header.adobe) {
    for (uint8_t& sample : samples) sample = static_cast<uint8_t>(~sample);
  }
  colour.Convert(samples.data(), image->data(), samples.size() / channels);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DecodedImage> DecodeJpeg(absl::string_view bytes,
                                        const DecodeLimits& limits,
                                        int target_side) {
  ASSIGN_OR_RETURN(const JpegHeader header, ReadJpegHeader(bytes));
  RETURN_IF_ERROR(CheckSize(ImageFormat::kJpeg,
                            {.width = header.width, .height = header.height},
                            limits));
  const tjscalingfactor scale = ChooseScale(header, target_side);
  Image image(TJSCALED(header.width, scale), TJSCALED(header.height, scale));
  const ColourConverter colour(header.icc, {.channels = header.components});
  // The decoder itself makes RGB of grey; a profile of grey is rare.
  if (header.components == 3) {
    RETURN_IF_ERROR(Decompress(bytes, image.width(), image.height(), TJPF_RGB,
                               image.data()));
    if (!colour.IsIdentity()) {
      colour.Convert(image.data(), image.data(), image.size_bytes() / 3);
    }
  } else {
    RETURN_IF_ERROR(DecompressOther(bytes, header, colour, &image));
  }
  DecodedImage decoded;
  decoded.format = ImageFormat::kJpeg;
  decoded.source_width = header.width;
  decoded.source_height = header.height;
  if (SwapsSides(header.orientation)) {
    std::swap(decoded.source_width, decoded.source_height);
  }
  decoded.image = Orient(std::move(image), header.orientation);
  return decoded;
}

}  // namespace likeness
