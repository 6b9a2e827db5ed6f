#ifndef LIKENESS_ENGINE_INDEX_VECTOR_INDEX_H_
#define LIKENESS_ENGINE_INDEX_VECTOR_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"

namespace likeness {

inline constexpr int kMaxNeighbors = 10'000;

// Candidates that a search over a graph may keep.
inline constexpr int kMaxEfSearch = 10'000;

// Lists that a search over them may scan.
inline constexpr int kMaxNprobe = 1 << 18;

// The share of the k nearest that a search over a graph or lists finds when it
// is not told otherwise.
inline constexpr float kDefaultRecallTarget = 0.99F;

// How a search runs; apart from how an index was built.
struct IndexSearchParams {
  int k = 10;  // 1..kMaxNeighbors neighbours at most.
  // Only neighbours with similarity >= this (inclusive), -1..1. At -1 every
  // vector qualifies.
  float min_similarity = -1.0F;
  // Examine every allowed vector, whatever the index.
  bool exact = false;
  // Recall to aim at, above 0 and below 1: the index's own measurements, made
  // when it was built, tell how many candidates that takes.
  float recall_target = kDefaultRecallTarget;
  // Candidates that a search over a graph keeps (HNSW's efSearch), at most
  // kMaxEfSearch, at least k are kept in any case; 0: what recall_target takes.
  // Other indexes don't heed it.
  int ef_search = 0;
  // Lists that a search over an IVF index scans, at most kMaxNprobe, all where
  // there are fewer; as many more as it takes to have 2 k + 20 allowed entries
  // to choose from. 0: what recall_target takes. Other indexes don't heed it.
  int nprobe = 0;
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

// Takes ordinals, in rising order, with their similarities to a query; both
// have the same size, which the index chooses.
using ScoreVisitor = std::function<void(absl::Span<const size_t> ordinals,
                                        absl::Span<const float> similarities)>;

// Where an index keeps its bytes. The sum of the first four is what it holds in
// memory of its own.
struct IndexMemory {
  uint64_t rows = 0;   // Vectors as float32.
  uint64_t codes = 0;  // Vectors in the form that is searched, if another.
  uint64_t links = 0;  // The graph, or the lists.
  uint64_t other = 0;
  // Of files mapped into memory: the system's cache, given back under pressure.
  uint64_t mapped = 0;

  uint64_t owned() const { return rows + codes + links + other; }
};

// Vectors of one space, found by inner product. A vector is known by its
// ordinal: the order in which it was added, from 0. Derived from the store and
// never the truth.
//
// Thread-safety: any number of concurrent calls, none of which waits for
// another or for a writer. The same search of the same vectors has the same
// answer.
class VectorIndex {
 public:
  virtual ~VectorIndex() = default;

  virtual int dimensions() const = 0;

  // Vectors added so far.
  virtual size_t size() const = 0;

  // For each of queries.size() / dimensions() queries the nearest of the
  // ordinals whose bit is set in `allowed`; ordinals from allowed.size() on are
  // not looked at, so a reader's older bitmap is its consistent view.
  virtual absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> queries, const IndexSearchParams& params,
      const Bitmap& allowed) const = 0;

  // Whether Search, asked so, would score every allowed vector anyway, so that
  // Score tells more for the same work.
  virtual bool ScoresAll(const IndexSearchParams& params,
                         const Bitmap& allowed) const = 0;

  // Calls `visit` with the similarity of each allowed vector to `query`
  // (dimensions() floats): the same figures as Search's. For callers who choose
  // among them by more than the k best.
  virtual void Score(absl::Span<const float> query, const Bitmap& allowed,
                     const ScoreVisitor& visit) const = 0;

  // Copies the vector at `ordinal` (< size()) to `out`, dimensions() floats.
  virtual void Reconstruct(size_t ordinal, absl::Span<float> out) const = 0;

  virtual IndexMemory memory() const = 0;
};

// An index that takes vectors while it is searched. One writer at a time.
class GrowingIndex : public VectorIndex {
 public:
  // Appends vectors.size() / dimensions() vectors, row-major. INVALID_ARGUMENT
  // when the size is not a multiple.
  virtual absl::Status Add(absl::Span<const float> vectors) = 0;
};

// INVALID_ARGUMENT names the parameter that is out of range.
absl::Status ValidateSearchParams(const IndexSearchParams& params);

// INVALID_ARGUMENT blames `name` unless `size` is a multiple of `dimensions`.
absl::Status CheckWholeVectors(absl::string_view name, size_t size,
                               size_t dimensions);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_VECTOR_INDEX_H_
