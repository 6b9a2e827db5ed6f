#include "tools/filtered_search.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "tools/measure.h"

namespace likeness {
namespace {

constexpr double kShares[] = {1.0, 0.5, 0.2, 0.15, 0.1, 0.05, 0.01, 0.001};
constexpr int kNeighbors = 10;

Bitmap DrawRows(size_t rows, double share, Random& random) {
  Bitmap drawn;
  drawn.Grow(rows, false);
  for (size_t i = 0; i < rows; ++i) {
    if (random.Chance(share)) drawn.Set(i);
  }
  return drawn;
}

// The answers of all queries, one by one, and the microseconds that each took.
absl::StatusOr<std::pair<std::vector<IndexSearchResult>, double>> SearchEach(
    const VectorIndex& index, absl::Span<const float> queries,
    const IndexSearchParams& params, const Bitmap& allowed) {
  const auto width = static_cast<size_t>(index.dimensions());
  std::vector<IndexSearchResult> results;
  const double begin = CpuSeconds();
  for (size_t at = 0; at < queries.size(); at += width) {
    ASSIGN_OR_RETURN(auto found,
                     index.Search(queries.subspan(at, width), params, allowed));
    results.push_back(std::move(found.front()));
  }
  const double each =
      (CpuSeconds() - begin) / static_cast<double>(results.size());
  return std::make_pair(std::move(results), 1e6 * each);
}

}  // namespace

absl::StatusOr<std::vector<FilteredSearch>> MeasureFiltered(
    const VectorIndex& index, absl::Span<const float> queries, uint64_t seed) {
  Random random(seed);
  std::vector<FilteredSearch> measured;
  for (const double share : kShares) {
    const Bitmap allowed = DrawRows(index.size(), share, random);
    ASSIGN_OR_RETURN(
        const auto scan,
        SearchEach(index, queries, {.k = kNeighbors, .exact = true}, allowed));
    ASSIGN_OR_RETURN(const auto found,
                     SearchEach(index, queries, {.k = kNeighbors}, allowed));
    FilteredSearch& point = measured.emplace_back();
    point.share = share;
    point.microseconds = found.second;
    point.scan_microseconds = scan.second;
    size_t hits = 0;
    size_t wanted = 0;
    size_t exact = 0;
    uint64_t examined = 0;
    const auto count = static_cast<double>(scan.first.size());
    for (size_t q = 0; q < scan.first.size(); ++q) {
      const auto& nearest = scan.first[q].neighbors;
      wanted += nearest.size();
      for (const Neighbor& neighbor : found.first[q].neighbors) {
        if (neighbor.similarity >= nearest.back().similarity) ++hits;
      }
      if (found.first[q].exact) ++exact;
      examined += found.first[q].candidates_examined;
    }
    point.exact = static_cast<double>(exact) / count;
    point.examined = static_cast<double>(examined) / count;
    point.recall =
        wanted == 0 ? 1
                    : static_cast<double>(hits) / static_cast<double>(wanted);
  }
  return measured;
}

}  // namespace likeness
