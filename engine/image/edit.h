// Edited copies of a picture, as people make them: for demonstrations, tests
// and the evaluation of copy detection.
#ifndef LIKENESS_ENGINE_IMAGE_EDIT_H_
#define LIKENESS_ENGINE_IMAGE_EDIT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/image/image.h"

namespace likeness {

enum class Edit {
  kCrop,        // The middle 80 % of each side.
  kShrink,      // Half the size.
  kRecompress,  // JPEG quality 30.
  kBrighten,    // 30 % brighter, clipped.
  kGrey,        // Luma only.
  kBorder,      // A dark frame of a tenth of the shorter side.
  kBlur,        // Gaussian, sigma one hundredth of the shorter side.
  kMirror,      // Left to right.
};

// All edits, in the order above.
absl::Span<const Edit> AllEdits();

// "crop", "shrink", ...
absl::string_view EditName(Edit edit);

// The edited copy; deterministic.
absl::StatusOr<Image> ApplyEdit(const Image& image, Edit edit);

// What the edits are made of. Each fails with INVALID_ARGUMENT for a picture
// without pixels or a number out of range, naming it.

// Gaussian blur of `sigma` pixels, 0..1000; 0 changes nothing.
absl::StatusOr<Image> GaussianBlur(const Image& image, double sigma);

// Through JPEG of `quality` 1..100 and back.
absl::StatusOr<Image> Recompress(const Image& image, int quality);

// Left to right.
absl::StatusOr<Image> Mirror(const Image& image);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_EDIT_H_
