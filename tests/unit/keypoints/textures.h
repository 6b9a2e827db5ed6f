// Pictures with corners and edges everywhere, made on the spot.
#ifndef LIKENESS_TESTS_UNIT_KEYPOINTS_TEXTURES_H_
#define LIKENESS_TESTS_UNIT_KEYPOINTS_TEXTURES_H_

#include <cstdint>

#include "engine/image/image.h"

namespace likeness::testing {

// Overlapping boxes and discs of all sizes and colours, chosen by `seed`.
Image TextureImage(uint64_t seed, int width = 400, int height = 300);

// One colour.
Image FlatImage(int width, int height, uint8_t level = 128);

// A flat rectangle over part of the picture, in pixels.
void CoverPart(Image& image, int left, int top, int width, int height);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_KEYPOINTS_TEXTURES_H_
