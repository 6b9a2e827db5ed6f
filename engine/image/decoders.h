// The decoders behind DecodeImage, one for each library. Each takes bytes of
// its own formats only, checks limits before it allocates, and returns
// DecodeImage's errors.
#ifndef LIKENESS_ENGINE_IMAGE_DECODERS_H_
#define LIKENESS_ENGINE_IMAGE_DECODERS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/image/decode.h"

namespace likeness {

// JPEG, through libjpeg-turbo.
absl::StatusOr<DecodedImage> DecodeJpeg(absl::string_view bytes,
                                        const DecodeLimits& limits,
                                        int target_side);

// PNG, WebP, GIF, TIFF, HEIC and AVIF (`format`), through libvips.
absl::StatusOr<DecodedImage> DecodeWithVips(absl::string_view bytes,
                                            ImageFormat format,
                                            const DecodeLimits& limits,
                                            int target_side);

// BMP.
absl::StatusOr<DecodedImage> DecodeBmp(absl::string_view bytes,
                                       const DecodeLimits& limits,
                                       int target_side);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_DECODERS_H_
