#include "engine/collection/space_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// Makes of ordinals, in rising order, rows with the best of their similarities.
class BestOfRows {
 public:
  BestOfRows(const RowMap& map, const ScoreVisitor& visit)
      : map_(map), visit_(visit) {}

  void Take(absl::Span<const size_t> ordinals,
            absl::Span<const float> similarities) {
    for (size_t i = 0; i < ordinals.size(); ++i) {
      if (ordinals[i] >= end_) {
        const uint32_t row = RowOf(ordinals[i]);
        const RowMap::Ordinals all = map_.OrdinalsOf(row);
        end_ = all.first + all.count;
        rows_.push_back(row);
        best_.push_back(similarities[i]);
      } else {
        best_.back() = std::max(best_.back(), similarities[i]);
      }
    }
    // The last one may go on in the next call.
    if (rows_.size() < 2) return;
    visit_(absl::MakeConstSpan(rows_).first(rows_.size() - 1),
           absl::MakeConstSpan(best_).first(best_.size() - 1));
    rows_ = {rows_.back()};
    best_ = {best_.back()};
  }

  void Finish() {
    if (!rows_.empty()) visit_(rows_, best_);
  }

 private:
  // Of an ordinal behind the last row's: mostly the next one.
  uint32_t RowOf(size_t ordinal) const {
    if (!rows_.empty()) {
      const uint32_t next = static_cast<uint32_t>(rows_.back()) + 1;
      const RowMap::Ordinals all = map_.OrdinalsOf(next);
      if (ordinal - all.first < all.count) return next;
    }
    return map_.RowOf(ordinal);
  }

  const RowMap& map_;
  const ScoreVisitor& visit_;
  size_t end_ = 0;  // Of the last row's ordinals.
  std::vector<size_t> rows_;
  std::vector<float> best_;
};

}  // namespace

size_t SpaceRows::VectorsPerRow() const {
  if (!rows_->repeats()) return 1;
  const size_t rows = rows_->size();
  // A writer appends the rows before the vectors.
  return std::max<size_t>(1, (index_->size() + rows - 1) / rows);
}

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

size_t SpaceRows::Score(absl::Span<const float> query, const Bitmap& allowed,
                        const ScoreVisitor& visit) const {
  size_t scored = 0;
  if (rows_->identity()) {
    index_->Score(query, allowed,
                  [&](absl::Span<const size_t> ordinals,
                      absl::Span<const float> similarities) {
                    scored += ordinals.size();
                    visit(ordinals, similarities);
                  });
    return scored;
  }
  BestOfRows best(*rows_, visit);
  index_->Score(query, rows_->OrdinalsOf(allowed),
                [&](absl::Span<const size_t> ordinals,
                    absl::Span<const float> similarities) {
                  scored += ordinals.size();
                  best.Take(ordinals, similarities);
                });
  best.Finish();
  return scored;
}

}  // namespace likeness
