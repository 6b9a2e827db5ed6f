// The one resize of the project.
#ifndef LIKENESS_ENGINE_IMAGE_RESIZE_H_
#define LIKENESS_ENGINE_IMAGE_RESIZE_H_

#include "absl/status/statusor.h"
#include "engine/image/image.h"

namespace likeness {

// Resamples `image` to exactly `width` x `height` (each 1..32768) with an
// antialiased filter: its support grows with the reduction, so every source
// pixel counts. The same input gives the same bytes on every call.
absl::StatusOr<Image> Resize(const Image& image, int width, int height);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_RESIZE_H_
