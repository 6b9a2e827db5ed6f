// What people put upon a picture. Strengths are in the units of Transform; 0
// hands the same pixels back; places, colours and texts are drawn.
#ifndef LIKENESS_ENGINE_AUGMENT_OVERLAY_H_
#define LIKENESS_ENGINE_AUGMENT_OVERLAY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/random.h"
#include "engine/image/image.h"

namespace likeness {

// Other pictures to choose from. May be empty; none is null.
using OtherPictures = absl::Span<const std::shared_ptr<const Image>>;

// Each changes `image` in place. INVALID_ARGUMENT for a picture without pixels
// and for a strength out of its range.

// One flat rectangle (random erasing: Zhong et al., "Random Erasing Data
// Augmentation", 2020) over the share of the area, 2:1 to 1:2 in shape.
absl::Status Erase(Image& image, double share, Random& random);

// One of `others` over the share of the area; a flat rectangle when there is
// none.
absl::Status Cover(Image& image, double share, OtherPictures others,
                   Random& random);

// A rectangle, ellipse, triangle or ring.
absl::Status OverlayShape(Image& image, double share, Random& random);

// One to three lines of letters and digits.
absl::Status OverlayText(Image& image, double share, Random& random);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_OVERLAY_H_
