// Descriptors without a network: what a learned one has to beat.
#ifndef LIKENESS_ENGINE_EVALUATE_PLAIN_DESCRIPTORS_H_
#define LIKENESS_ENGINE_EVALUATE_PLAIN_DESCRIPTORS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/picture.h"
#include "engine/image/image.h"

namespace likeness {

inline constexpr int kHistogramDimensions = 256;
inline constexpr int kPHashBits = 64;

// Colours of `image`: 16 hues x 4 saturations x 4 values (HSV, Smith 1978),
// each pixel counted once, as square roots of shares. The inner product of two
// is then the Bhattacharyya coefficient, and 2 - 2 x that the squared Hellinger
// distance. Unit length. `image` has pixels.
std::vector<float> ColourHistogram(const Image& image);

// Perceptual hash by the cosine transform (Zauner 2010, "Implementation and
// Benchmarking of Perceptual Image Hash Functions", 3.2.1, as pHash has it):
// luma at 32 x 32 pixels, DCT-II, the 8 x 8 lowest frequencies without the
// constant row and column, each bit whether it is above their median. Bit i is
// row i / 8, column i % 8, the first in the lowest bit. Errors are Resize's.
absl::StatusOr<uint64_t> ComputePHash(const Image& image);

// Bits as +-1/sqrt(n): the inner product of two is 1 - 2 x (share of differing
// bits). Unit length.
std::vector<float> HashVector(uint64_t hash);        // kPHashBits.
std::vector<float> HashVector(const PdqHash& hash);  // 256.

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_PLAIN_DESCRIPTORS_H_
