// Pixels to JPEG: thumbnails, reports, edited copies.
#ifndef LIKENESS_ENGINE_IMAGE_ENCODE_H_
#define LIKENESS_ENGINE_IMAGE_ENCODE_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/image/image.h"

namespace likeness {

// Encodes as baseline JPEG, 4:2:0. `quality` in 1..100.
absl::StatusOr<std::string> EncodeJpeg(const Image& image, int quality);

// A JPEG of `image` reduced so that its longer side has at most `max_side`
// pixels (16..1024); a smaller picture keeps its size.
absl::StatusOr<std::string> MakeThumbnail(const Image& image, int max_side);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_ENCODE_H_
