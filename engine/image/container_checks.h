// What must be known of a file's bytes before its library may see them.
#ifndef LIKENESS_ENGINE_IMAGE_CONTAINER_CHECKS_H_
#define LIKENESS_ENGINE_IMAGE_CONTAINER_CHECKS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/image/decode.h"

namespace likeness {

// UNSUPPORTED_FORMAT for the variants of TIFF that libvips refuses or, worse,
// reads as if they were something else.
absl::Status CheckTiffVariant(absl::string_view bytes);

// LIMIT_EXCEEDED when any size that a HEIF file states ("ispe" boxes, ISO/IEC
// 23008-12, 6.5.3) is over the limits, of which the side is at most 16,384:
// libheif opens nothing larger, and does not say why.
absl::Status CheckHeifSizes(absl::string_view bytes, ImageFormat format,
                            DecodeLimits limits);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_CONTAINER_CHECKS_H_
