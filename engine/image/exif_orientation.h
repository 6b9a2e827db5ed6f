// The one tag of EXIF that changes pixels.
#ifndef LIKENESS_ENGINE_IMAGE_EXIF_ORIENTATION_H_
#define LIKENESS_ENGINE_IMAGE_EXIF_ORIENTATION_H_

#include "absl/strings/string_view.h"

namespace likeness {

// Orientation, 1..8, out of `tiff`: the TIFF structure that EXIF data is (after
// "Exif\0\0"), or that a TIFF file is. 1 (upright) when there is none, or when
// anything about it is broken: wrong metadata must not lose a picture.
// Source: Exif 2.32, section 4.6.4, tag 0x0112.
int ReadExifOrientation(absl::string_view tiff);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_EXIF_ORIENTATION_H_
