// PDQ perceptual hash, as published by Facebook: "The TMK+PDQF Video-Hashing
// Algorithm and the PDQ Image-Hashing Algorithm" (2019). 256 bits; copies of a
// picture that were recompressed, resized or slightly altered differ in few.
#ifndef LIKENESS_ENGINE_IMAGE_PDQ_H_
#define LIKENESS_ENGINE_IMAGE_PDQ_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "engine/image/image.h"

namespace likeness {

struct PdqHash {
  std::array<uint8_t, 32> bits{};  // In the order of the reference's hex form.
  // 0..100: how much structure the picture has. Below 50 the hash of a flat
  // picture is close to that of any other flat one and proves nothing.
  int quality = 0;

  friend bool operator==(const PdqHash&, const PdqHash&) = default;
};

// Number of differing bits, 0..256. Random pairs are near 128; the publishers
// call pairs at 31 or below a match.
int HammingDistance(const PdqHash& a, const PdqHash& b);

// Hashes `image` (any size; pictures larger than 512 on a side are reduced
// first as the reference does).
absl::StatusOr<PdqHash> ComputePdq(const Image& image);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_PDQ_H_
