// Pictures made on the spot, for tests that need no photographs.
#ifndef LIKENESS_TESTS_SUPPORT_TEST_PICTURES_H_
#define LIKENESS_TESTS_SUPPORT_TEST_PICTURES_H_

#include <cstdint>
#include <string>

#include "engine/image/image.h"

namespace likeness::testing {

// A patchwork of 8 x 8 coloured fields, chosen by `seed`: pictures of different
// seeds are unlike each other, those of one seed equal.
Image PatchworkImage(uint32_t seed, int side = 128);

// The same as JPEG.
std::string PatchworkJpeg(uint32_t seed, int side = 128, int quality = 90);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_TEST_PICTURES_H_
