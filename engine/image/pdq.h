// PDQ perceptual hash, as published by Facebook: "The TMK+PDQF Video-Hashing
// Algorithm and the PDQ Image-Hashing Algorithm" (2019). 256 bits; copies of a
// picture that were recompressed, resized or slightly altered differ in few.
#ifndef LIKENESS_ENGINE_IMAGE_PDQ_H_
#define LIKENESS_ENGINE_IMAGE_PDQ_H_

#include "absl/status/statusor.h"
#include "engine/core/picture.h"
#include "engine/image/image.h"

namespace likeness {

// Hashes `image` at the size it has. Quality 0 and no bits for a picture with a
// side below 5 pixels, as the reference gives. INVALID_ARGUMENT when it has no
// pixels.
absl::StatusOr<PdqHash> ComputePdq(const Image& image);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_PDQ_H_
