// How a flat index goes over its rows. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_FLAT_SCAN_H_
#define LIKENESS_ENGINE_INDEX_FLAT_SCAN_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/index/chunked_rows.h"
#include "engine/index/vector_index.h"

namespace likeness {

// What one search may look at: `rows` below `limit` whose bit in `allowed` is
// set, `dimensions` floats each. Borrows all of it.
struct FlatScan {
  const ChunkedRows<float>& rows;
  const Bitmap& allowed;
  size_t limit;
  size_t dimensions;
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

// Many queries at once through BLAS, on OpenMP's threads. The answers are those
// of SearchOne, bit for bit.
std::vector<IndexSearchResult> SearchBatch(const FlatScan& scan,
                                           absl::Span<const float> queries,
                                           const IndexSearchParams& params);

// True when SearchBatch is the faster way.
bool PrefersBatch(size_t queries, const IndexSearchParams& params);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_FLAT_SCAN_H_
