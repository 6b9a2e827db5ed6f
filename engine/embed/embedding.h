#ifndef LIKENESS_ENGINE_EMBED_EMBEDDING_H_
#define LIKENESS_ENGINE_EMBED_EMBEDDING_H_

#include <vector>

#include "engine/core/picture.h"
#include "engine/core/space.h"

namespace likeness {

// What a picture becomes: one unit-length (L2) float vector for each space,
// plus its perceptual hash. Vectors of different spaces may have different
// lengths.
struct Embedding {
  PerSpace<std::vector<float>> vectors;
  PdqHash hash;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_EMBEDDING_H_
