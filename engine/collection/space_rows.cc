#include "engine/collection/space_rows.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/status_macros.h"

namespace likeness {

absl::StatusOr<IndexSearchResult> SpaceRows::Search(
    absl::Span<const float> query, const IndexSearchParams& params,
    const Bitmap& allowed) const {
  if (rows_->identity()) {
    ASSIGN_OR_RETURN(auto found, index_->Search(query, params, allowed));
    return std::move(found.front());
  }
  ASSIGN_OR_RETURN(auto found,
                   index_->Search(query, params, rows_->OrdinalsOf(allowed)));
  for (Neighbor& neighbor : found.front().neighbors) {
    neighbor.ordinal = rows_->RowOf(neighbor.ordinal);
  }
  return std::move(found.front());
}

bool SpaceRows::ScoresAll(const IndexSearchParams& params,
                          const Bitmap& allowed) const {
  if (rows_->identity()) return index_->ScoresAll(params, allowed);
  return index_->ScoresAll(params, rows_->OrdinalsOf(allowed));
}

void SpaceRows::Score(absl::Span<const float> query, const Bitmap& allowed,
                      const ScoreVisitor& visit) const {
  if (rows_->identity()) return index_->Score(query, allowed, visit);
  std::vector<size_t> rows;
  index_->Score(query, rows_->OrdinalsOf(allowed),
                [&](absl::Span<const size_t> ordinals,
                    absl::Span<const float> similarities) {
                  rows.clear();
                  for (const size_t ordinal : ordinals) {
                    rows.push_back(rows_->RowOf(ordinal));
                  }
                  visit(rows, similarities);
                });
}

bool SpaceRows::Reconstruct(uint32_t row, absl::Span<float> out) const {
  const std::optional<size_t> ordinal = rows_->OrdinalOf(row);
  if (!ordinal.has_value()) return false;
  index_->Reconstruct(*ordinal, out);
  return true;
}

}  // namespace likeness
