#ifndef LIKENESS_ENGINE_COLLECTION_VIEW_SAMPLE_H_
#define LIKENESS_ENGINE_COLLECTION_VIEW_SAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/collection/view.h"
#include "engine/core/space.h"

namespace likeness {

// See Collection::SampleVectors; the space has `dimensions`.
std::vector<float> SampleView(const View& view, Space space, size_t dimensions,
                              size_t count, uint64_t seed);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VIEW_SAMPLE_H_
