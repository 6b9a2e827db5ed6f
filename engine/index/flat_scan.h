// How an exact search goes over its rows. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_FLAT_SCAN_H_
#define LIKENESS_ENGINE_INDEX_FLAT_SCAN_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/index/vector_index.h"

namespace likeness {

// Rows of `dimensions` floats in chunks: row r is row r % chunk_rows of chunk
// r / chunk_rows. Borrows them.
struct RowTable {
  const float* const* chunks;
  size_t chunk_rows;
  size_t dimensions;

  const float* Row(size_t row) const {
    return chunks[row / chunk_rows] + (row % chunk_rows) * dimensions;
  }
};

// What one search may look at: `rows` below `limit` whose bit in `allowed` is
// set. Borrows all of it.
struct FlatScan {
  RowTable rows;
  const Bitmap& allowed;
  size_t limit;
  float max_norm;  // No row below `limit` is longer.
};

// Calls visit(first_row, count) for every run of set bits below `limit`, in
// order. A run is cut at multiples of 64, so it never leaves a chunk.
template <typename Visit>
void ForEachRun(const Bitmap& allowed, size_t limit, Visit visit) {
  for (size_t base = 0; base < limit; base += 64) {
    uint64_t word = allowed.Word(base / 64);
    if (limit - base < 64) word &= (uint64_t{1} << (limit - base)) - 1;
    while (word != 0) {
      const int skip = std::countr_zero(word);
      const int count = std::countr_one(word >> skip);
      visit(base + static_cast<size_t>(skip), static_cast<size_t>(count));
      if (skip + count == 64) break;
      word &= ~uint64_t{0} << (skip + count);
    }
  }
}

// One query, on the calling thread alone.
IndexSearchResult SearchOne(const FlatScan& scan, const float* query,
                            const IndexSearchParams& params);

// The similarity of every row to one query.
void ScoreRows(const FlatScan& scan, const float* query,
               const ScoreVisitor& visit);

// Many queries at once through BLAS, on OpenMP's threads. The answers are those
// of SearchOne, bit for bit.
std::vector<IndexSearchResult> SearchBatch(const FlatScan& scan,
                                           absl::Span<const float> queries,
                                           const IndexSearchParams& params);

// Queries one by one or all at once, whichever is faster.
std::vector<IndexSearchResult> SearchRows(const FlatScan& scan,
                                          absl::Span<const float> queries,
                                          const IndexSearchParams& params);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_FLAT_SCAN_H_
