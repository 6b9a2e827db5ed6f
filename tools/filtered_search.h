#ifndef LIKENESS_TOOLS_FILTERED_SEARCH_H_
#define LIKENESS_TOOLS_FILTERED_SEARCH_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/index/vector_index.h"

namespace likeness {

// How an index searches when a share of its rows is allowed; means over the
// queries.
struct FilteredSearch {
  double share = 0;
  double recall = 0;             // Of the ten nearest, against the scan.
  double exact = 0;              // Share of the answers that were.
  double examined = 0;           // Vectors compared.
  double microseconds = 0;       // Of processor time.
  double scan_microseconds = 0;  // The same for scoring all allowed rows.
};

// Draws the allowed rows at random for each of some shares from 100 % to 0.1 %,
// and searches as the index does when it is told nothing but k = 10.
absl::StatusOr<std::vector<FilteredSearch>> MeasureFiltered(
    const VectorIndex& index, absl::Span<const float> queries, uint64_t seed);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_FILTERED_SEARCH_H_
