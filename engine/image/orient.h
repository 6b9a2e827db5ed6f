#ifndef LIKENESS_ENGINE_IMAGE_ORIENT_H_
#define LIKENESS_ENGINE_IMAGE_ORIENT_H_

#include "engine/image/image.h"

namespace likeness {

// True when EXIF orientation `orientation` (1..8) exchanges width and height.
constexpr bool SwapsSides(int orientation) { return orientation >= 5; }

// Turns `image`, stored in EXIF orientation `orientation`, upright. 1 and
// values out of range hand the same pixels back.
Image Orient(Image image, int orientation);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_ORIENT_H_
