#ifndef LIKENESS_ENGINE_INDEX_VECTOR_INDEX_H_
#define LIKENESS_ENGINE_INDEX_VECTOR_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"

namespace likeness {

inline constexpr int kMaxNeighbors = 10'000;

// How a search runs; apart from how an index was built.
struct IndexSearchParams {
  int k = 10;  // 1..kMaxNeighbors neighbours at most.
  // Only neighbours with similarity >= this (inclusive), -1..1. At -1 every
  // vector qualifies.
  float min_similarity = -1.0F;
};

struct Neighbor {
  uint64_t ordinal = 0;
  float similarity = 0;  // Inner product; the cosine of unit-length vectors.

  friend bool operator==(const Neighbor&, const Neighbor&) = default;
};

// The answer for one query.
struct IndexSearchResult {
  // By falling similarity, ties by rising ordinal.
  std::vector<Neighbor> neighbors;
  uint64_t candidates_examined = 0;  // Vectors whose similarity was computed.
  bool exact = false;  // No better neighbour can have been missed.
};

// Vectors of one space, found by inner product. A vector is known by its
// ordinal: the order in which it was added, from 0. Derived from the store and
// never the truth.
//
// Thread-safety: one writer at a time; any number of concurrent Search calls,
// also during Add, that don't wait for it.
class VectorIndex {
 public:
  virtual ~VectorIndex() = default;

  virtual int dimensions() const = 0;

  // Vectors added so far.
  virtual size_t size() const = 0;

  // Appends vectors.size() / dimensions() vectors, row-major. INVALID_ARGUMENT
  // when the size is not a multiple.
  virtual absl::Status Add(absl::Span<const float> vectors) = 0;

  // For each of queries.size() / dimensions() queries the nearest of the
  // ordinals whose bit is set in `allowed`; ordinals from allowed.size() on are
  // not looked at, so a reader's older bitmap is its consistent view.
  virtual absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> queries, const IndexSearchParams& params,
      const Bitmap& allowed) const = 0;

  // Copies the vector at `ordinal` (< size()) to `out`, dimensions() floats.
  virtual void Reconstruct(size_t ordinal, absl::Span<float> out) const = 0;
};

// INVALID_ARGUMENT names the parameter that is out of range.
absl::Status ValidateSearchParams(const IndexSearchParams& params);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_VECTOR_INDEX_H_
