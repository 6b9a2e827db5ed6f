// The proof that an embedder in a shorter number format may stand in for the
// exact one. Knows nothing of LibTorch.
#ifndef LIKENESS_ENGINE_EMBED_PRECISION_H_
#define LIKENESS_ENGINE_EMBED_PRECISION_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"

namespace likeness {

// Vectors at this cosine or above count as the same vector.
inline constexpr float kMinAgreement = 0.999F;

// Eight synthetic pictures of `side` x `side` pixels, the same ones on every
// call: waves of all directions with photograph-like amplitudes (1/frequency,
// and rougher), alone, behind flat discs or bars with hard edges, and as an
// object on white.
std::vector<NetworkInput> ProbePictures(int side);

// The smallest cosine between the vectors that `a` and `b` give one probe
// picture in one space. INTERNAL when their vectors can't be compared;
// otherwise errors are those of the embedders.
absl::StatusOr<float> SmallestProbeCosine(const Embedder& a, const Embedder& b);

// True when SmallestProbeCosine is there and at least kMinAgreement.
bool Agree(const Embedder& a, const Embedder& b);

// `fast` where it could be built and agrees with `exact`, else `exact`.
std::unique_ptr<Embedder> FastIfProven(
    std::unique_ptr<Embedder> exact,
    absl::StatusOr<std::unique_ptr<Embedder>> fast);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_PRECISION_H_
