// Edits of what pixels keep: resolution, sharpness, noise, compression.
// Strengths are in the units of Transform; 0 hands the same pixels back.
#ifndef LIKENESS_ENGINE_AUGMENT_PIXEL_EDITS_H_
#define LIKENESS_ENGINE_AUGMENT_PIXEL_EDITS_H_

#include "absl/status/statusor.h"
#include "engine/core/random.h"
#include "engine/image/image.h"

namespace likeness {

// Each fails with INVALID_ARGUMENT for a picture without pixels and for a
// strength out of its range.

// Towards the darkest (strength above 0) or the lightest of each pixel and its
// eight neighbours, channel by channel: a morphological erosion or dilation.
absl::StatusOr<Image> Ink(const Image& image, double strength);

// Square blocks, each of its mean colour.
absl::StatusOr<Image> Pixelate(const Image& image, double share);

// Reduced to (1 - loss) of both sides and enlarged again.
absl::StatusOr<Image> StrongResize(const Image& image, double loss);

absl::StatusOr<Image> Blur(const Image& image, double share);

// Each sample gets noise of its own; nearly normal.
absl::StatusOr<Image> Noise(const Image& image, double sigma, Random& random);

// JPEG of quality 100 - `strength` and back.
absl::StatusOr<Image> JpegArtefacts(const Image& image, double strength);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_PIXEL_EDITS_H_
