// Edits of a picture's colours. All that are drawn for one view are one affine
// mapping of (red, green, blue), applied once.
#ifndef LIKENESS_ENGINE_AUGMENT_COLOUR_EDITS_H_
#define LIKENESS_ENGINE_AUGMENT_COLOUR_EDITS_H_

#include <array>

#include "absl/status/statusor.h"
#include "engine/image/image.h"

namespace likeness {

// Strengths as Transform states them; 0 changes nothing.
struct ColourEdit {
  double brightness = 0;
  double contrast = 0;
  double saturation = 0;
  double hue = 0;
  double grey = 0;

  // INVALID_ARGUMENT naming the strength that is out of its range.
  absl::Status Validate() const;
};

// Brightness first, then contrast about the mean luma of `image` so brightened,
// then saturation and grey about the luma (ITU-R BT.601), then hue, a turn of
// the chrominance plane (YIQ). Values are clipped once, at the end.
absl::StatusOr<Image> EditColours(Image image, const ColourEdit& edit);

absl::StatusOr<Image> Brightness(const Image& image, double strength);
absl::StatusOr<Image> Contrast(const Image& image, double strength);
absl::StatusOr<Image> Saturation(const Image& image, double strength);
absl::StatusOr<Image> Hue(const Image& image, double degrees);
absl::StatusOr<Image> Grey(const Image& image, double strength);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_COLOUR_EDITS_H_
