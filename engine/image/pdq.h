// PDQ perceptual hash, as published by Facebook: "The TMK+PDQF Video-Hashing
// Algorithm and the PDQ Image-Hashing Algorithm" (2019). 256 bits; copies of a
// picture that were recompressed, resized or slightly altered differ in few.
#ifndef LIKENESS_ENGINE_IMAGE_PDQ_H_
#define LIKENESS_ENGINE_IMAGE_PDQ_H_

#include "absl/status/statusor.h"
#include "engine/core/picture.h"
#include "engine/image/image.h"

namespace likeness {

// Hashes `image` (any size; pictures larger than 512 on a side are reduced
// first as the reference does).
absl::StatusOr<PdqHash> ComputePdq(const Image& image);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_PDQ_H_
