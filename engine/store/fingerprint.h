#ifndef LIKENESS_ENGINE_STORE_FINGERPRINT_H_
#define LIKENESS_ENGINE_STORE_FINGERPRINT_H_

#include "engine/core/sha256.h"
#include "engine/store/mutation.h"

namespace likeness {

// SHA-256 of all that `write` asks for but its request id, in an encoding of
// its own: two writes with one fingerprint ask for the same. A picture counts
// by its content hash, without the vectors and the thumbnail that follow from
// it. Stored: what it covers, and in which order, may only grow at the end.
Sha256Digest Fingerprint(const AtomicWrite& write);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_FINGERPRINT_H_
