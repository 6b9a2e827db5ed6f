// The one resize of the project.
#ifndef LIKENESS_ENGINE_IMAGE_RESIZE_H_
#define LIKENESS_ENGINE_IMAGE_RESIZE_H_

#include "absl/status/statusor.h"
#include "engine/image/image.h"

namespace likeness {

// A part of a picture in pixels; edges may lie between pixels.
struct Region {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

// Resamples `image` to exactly `width` x `height` (each 1..32768) with an
// antialiased filter: its support grows with the reduction, so every source
// pixel counts. The same input gives the same bytes on every call.
absl::StatusOr<Image> Resize(const Image& image, int width, int height);

// The same of a part of the picture, which must be inside it and not empty.
// Pixels beyond the part's edge count where the filter reaches over it.
absl::StatusOr<Image> ResizeRegion(const Image& image, const Region& region,
                                   int width, int height);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_RESIZE_H_
