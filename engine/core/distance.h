// Distances between two vectors of equal length, summed in double precision.
// For the report on one pair; searches use the kernels of engine/index.
#ifndef LIKENESS_ENGINE_CORE_DISTANCE_H_
#define LIKENESS_ENGINE_CORE_DISTANCE_H_

#include "absl/types/span.h"

namespace likeness {

// All require a.size() == b.size().

// a.b / (|a| |b|), -1..1; larger is more alike. 0 when a or b has no length,
// and for empty vectors.
float CosineSimilarity(absl::Span<const float> a, absl::Span<const float> b);

// L2 norm of a - b: 0 and up, 0..2 for unit vectors; smaller is more alike.
float EuclideanDistance(absl::Span<const float> a, absl::Span<const float> b);

// L1 norm of a - b: 0 and up, 0..2 sqrt(size) for unit vectors; smaller is more
// alike.
float ManhattanDistance(absl::Span<const float> a, absl::Span<const float> b);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_DISTANCE_H_
