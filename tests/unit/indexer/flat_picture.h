#ifndef LIKENESS_TESTS_UNIT_INDEXER_FLAT_PICTURE_H_
#define LIKENESS_TESTS_UNIT_INDEXER_FLAT_PICTURE_H_

#include <cstdint>
#include <string>

#include "engine/image/encode.h"
#include "engine/image/image.h"

namespace likeness::testing {

// A JPEG of 64 x 64 pixels in two colours that depend on `seed`: pictures of
// different seeds look different.
inline std::string FlatJpeg(int seed) {
  Image image(64, 64);
  for (size_t i = 0; i < image.size_bytes(); ++i) {
    const size_t half = i < image.size_bytes() / 2 ? 1 : 7;
    image.data()[i] = static_cast<uint8_t>((static_cast<size_t>(seed) + 1) *
                                           37 * half * (i % 3 + 1));
  }
  return EncodeJpeg(image, 95).value_or("");
}

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_INDEXER_FLAT_PICTURE_H_
