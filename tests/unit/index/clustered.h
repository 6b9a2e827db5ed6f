// Vectors as collections have them: around centres, of which there are many.
#ifndef LIKENESS_TESTS_UNIT_INDEX_CLUSTERED_H_
#define LIKENESS_TESTS_UNIT_INDEX_CLUSTERED_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/core/random.h"
#include "engine/index/sealed_index.h"

namespace likeness::testing {

// `count` unit vectors, row-major: a centre out of 50 and half as much noise,
// both normal. One seed has one set of centres.
inline std::vector<float> ClusteredVectors(size_t count, size_t dimensions,
                                           uint64_t seed, uint64_t stream = 1) {
  constexpr size_t kCentres = 50;
  Random of_centres(seed, 0);
  std::vector<double> centres(kCentres * dimensions);
  for (double& value : centres) value = of_centres.Normal();
  Random random(seed, stream);
  std::vector<float> vectors(count * dimensions);
  for (size_t i = 0; i < count; ++i) {
    const double* centre = &centres[random.Below(kCentres) * dimensions];
    double squares = 0;
    for (size_t j = 0; j < dimensions; ++j) {
      const double value = centre[j] + 0.5 * random.Normal();
      vectors[i * dimensions + j] = static_cast<float>(value);
      squares += value * value;
    }
    for (size_t j = 0; j < dimensions; ++j) {
      vectors[i * dimensions + j] /= static_cast<float>(std::sqrt(squares));
    }
  }
  return vectors;
}

// Borrows `vectors`.
inline IndexRows RowsOf(absl::Span<const float> vectors, size_t dimensions) {
  return {vectors.size() / dimensions, static_cast<int>(dimensions),
          [vectors, dimensions](size_t first, absl::Span<float> out) {
            std::copy_n(vectors.begin() + first * dimensions, out.size(),
                        out.begin());
            return absl::OkStatus();
          }};
}

inline Bitmap AllOf(size_t size) {
  Bitmap all;
  all.Grow(size, true);
  return all;
}

// About `share` of `size` ordinals.
inline Bitmap SomeOf(size_t size, double share, Random& random) {
  Bitmap some;
  some.Grow(size, false);
  for (size_t i = 0; i < size; ++i) {
    if (random.Chance(share)) some.Set(i);
  }
  return some;
}

// The mean share of `exact` that `found` has, or has something as good for.
inline double MeanRecall(const std::vector<IndexSearchResult>& found,
                         const std::vector<IndexSearchResult>& exact) {
  size_t hits = 0;
  size_t wanted = 0;
  for (size_t q = 0; q < exact.size(); ++q) {
    wanted += exact[q].neighbors.size();
    if (exact[q].neighbors.empty()) continue;
    const float bar = exact[q].neighbors.back().similarity;
    for (const Neighbor& neighbor : found[q].neighbors) {
      if (neighbor.similarity >= bar) ++hits;
    }
  }
  return wanted == 0 ? 1.0
                     : static_cast<double>(hits) / static_cast<double>(wanted);
}

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_INDEX_CLUSTERED_H_
