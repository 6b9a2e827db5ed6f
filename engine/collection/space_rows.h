#ifndef LIKENESS_ENGINE_COLLECTION_SPACE_ROWS_H_
#define LIKENESS_ENGINE_COLLECTION_SPACE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/collection/row_map.h"
#include "engine/core/bitmap.h"
#include "engine/index/vector_index.h"

namespace likeness {

// The rows of a segment that have a vector in one space, searched by row.
// Thread-safe as VectorIndex and RowMap are: one writer, any number of readers.
class SpaceRows {
 public:
  SpaceRows(std::unique_ptr<const VectorIndex> index,
            std::unique_ptr<const RowMap> rows)
      : index_(std::move(index)), rows_(std::move(rows)) {}

  const VectorIndex& index() const { return *index_; }
  const RowMap& rows() const { return *rows_; }

  // The nearest of the rows in `allowed` for one query; the ordinals of the
  // result are rows.
  absl::StatusOr<IndexSearchResult> Search(absl::Span<const float> query,
                                           const IndexSearchParams& params,
                                           const Bitmap& allowed) const;

  // VectorIndex::ScoresAll and VectorIndex::Score by row.
  bool ScoresAll(const IndexSearchParams& params, const Bitmap& allowed) const;
  void Score(absl::Span<const float> query, const Bitmap& allowed,
             const ScoreVisitor& visit) const;

  // Copies the vector of `row` to `out`; false when the row has none here.
  bool Reconstruct(uint32_t row, absl::Span<float> out) const;

 private:
  const std::unique_ptr<const VectorIndex> index_;
  const std::unique_ptr<const RowMap> rows_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SPACE_ROWS_H_
