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

// The rows of a segment that have vectors in one space, searched by row.
// Thread-safe as VectorIndex and RowMap are: one writer, any number of readers.
class SpaceRows {
 public:
  SpaceRows(std::unique_ptr<const VectorIndex> index,
            std::unique_ptr<const RowMap> rows)
      : index_(std::move(index)), rows_(std::move(rows)) {}

  const VectorIndex& index() const { return *index_; }
  const RowMap& rows() const { return *rows_; }

  // How many vectors a row has that has any, about: 1 when none has several.
  size_t VectorsPerRow() const;

  // The vectors of the rows in `allowed` that are nearest to one query; the
  // ordinals of the result are rows, so that one with several vectors may come
  // several times.
  absl::StatusOr<IndexSearchResult> Search(absl::Span<const float> query,
                                           const IndexSearchParams& params,
                                           const Bitmap& allowed) const;

  // VectorIndex::ScoresAll by row.
  bool ScoresAll(const IndexSearchParams& params, const Bitmap& allowed) const;

  // VectorIndex::Score by row: each comes once, with the similarity of its
  // nearest vector. Returns how many vectors were scored.
  size_t Score(absl::Span<const float> query, const Bitmap& allowed,
               const ScoreVisitor& visit) const;

  // How many vectors `row` has here.
  size_t CountVectors(uint32_t row) const {
    return rows_->OrdinalsOf(row).count;
  }

  // Copies vector `nth` (< CountVectors(row)) of `row`, in the order in which
  // they were put, to `out`.
  void Reconstruct(uint32_t row, size_t nth, absl::Span<float> out) const {
    index_->Reconstruct(rows_->OrdinalsOf(row).first + nth, out);
  }

 private:
  const std::unique_ptr<const VectorIndex> index_;
  const std::unique_ptr<const RowMap> rows_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SPACE_ROWS_H_
