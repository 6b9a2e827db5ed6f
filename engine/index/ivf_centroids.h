// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_IVF_CENTROIDS_H_
#define LIKENESS_ENGINE_INDEX_IVF_CENTROIDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace likeness {

// Which of some centroids a vector is like, by 8-bit codes: four times as fast
// as by floats, the same on every processor, and as good, since a list more or
// less makes up for a row that lies between two. Immutable, thread-safe.
// Borrows the codes.
class IvfCentroids {
 public:
  IvfCentroids() = default;

  // `codes` as CodesOf makes them.
  IvfCentroids(absl::Span<const int8_t> codes, size_t dimensions);

  // The codes of centroids of `dimensions` floats each (row-major), by a step
  // that they share.
  static std::vector<int8_t> CodesOf(absl::Span<const float> centroids,
                                     size_t dimensions);

  size_t count() const { return rows_.size(); }

  // Sets `likeness` (count() floats) to numbers that are larger the more a
  // centroid is like `vector` (`dimensions` floats).
  void Compare(const float* vector, absl::Span<float> likeness) const;

  // The first of those that are most like `vector`; `likeness` is overwritten.
  uint32_t Nearest(const float* vector, absl::Span<float> likeness) const;

  // Of memory, but for the codes.
  size_t bytes() const { return rows_.size() * sizeof(rows_[0]); }

 private:
  size_t dimensions_ = 0;
  std::vector<const int8_t*> rows_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_IVF_CENTROIDS_H_
