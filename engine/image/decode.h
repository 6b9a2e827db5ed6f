// Bytes to upright sRGB pixels: the one decoder of training, indexing and
// serving.
#ifndef LIKENESS_ENGINE_IMAGE_DECODE_H_
#define LIKENESS_ENGINE_IMAGE_DECODE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/picture.h"
#include "engine/image/image.h"

namespace likeness {

// Upper bounds, inclusive, checked from the header before pixels are allocated.
struct DecodeLimits {
  uint64_t max_bytes = uint64_t{64} << 20;  // Of the encoded picture.
  uint64_t max_pixels = 100'000'000;        // width x height of one frame.
  int max_side = 32'768;                    // Either side, in pixels.
  int max_frames = 10'000;                  // Frames or pages the file holds.

  // INVALID_ARGUMENT names the field that is not positive or too large.
  absl::Status Validate() const;
};

struct DecodedImage {
  Image image;
  ImageFormat format = ImageFormat::kUnknown;
  // As the file states them, upright (after EXIF orientation). `image` may be
  // smaller, see `target_side`.
  int source_width = 0;
  int source_height = 0;
};

// Tells a format from its first bytes, never from a name. kUnknown when they
// are of none that this program decodes.
ImageFormat SniffFormat(absl::string_view bytes);

// Decodes the first frame of `bytes`.
//
// `target_side`: when positive, the decoder may hand out a smaller picture as
// long as its shorter side keeps at least `target_side` pixels (JPEG's DCT
// scaling by 1/2, 1/4, 1/8); 0 asks for every pixel.
//
// Errors, by reason (engine/core/error.h):
//   EMPTY_PICTURE       INVALID_ARGUMENT    no bytes
//   NOT_A_PICTURE       INVALID_ARGUMENT    not an image format that we know of
//   UNSUPPORTED_FORMAT  UNIMPLEMENTED       an image, of a format or variant
//                                           that we don't decode (named)
//   CORRUPT_PICTURE     DATA_LOSS           truncated or damaged
//   LIMIT_EXCEEDED      RESOURCE_EXHAUSTED  names the limit and the value
absl::StatusOr<DecodedImage> DecodeImage(absl::string_view bytes,
                                         const DecodeLimits& limits,
                                         int target_side = 0);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_DECODE_H_
