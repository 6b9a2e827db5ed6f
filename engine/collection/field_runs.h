#ifndef LIKENESS_ENGINE_COLLECTION_FIELD_RUNS_H_
#define LIKENESS_ENGINE_COLLECTION_FIELD_RUNS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/filter/field_index.h"
#include "engine/filter/field_types.h"
#include "engine/filter/filter.h"
#include "engine/store/item.h"

namespace likeness {

// Field indexes of a segment's rows, one behind the other: a single one of a
// sealed segment; of a growing one a few, the newest the smallest. Cheap to
// copy; what it shares is immutable.
class FieldRuns {
 public:
  FieldRuns() = default;
  // One run.
  explicit FieldRuns(std::shared_ptr<const FieldIndex> index);

  // Rows that are indexed.
  size_t num_rows() const;

  // One behind the other.
  absl::Span<const std::shared_ptr<const FieldIndex>> runs() const {
    return runs_;
  }

  // Of all rows.
  FieldTypes types() const;

  // Bytes held.
  size_t memory_bytes() const;

  // Adds `index` behind the rows there are. Runs that are no larger than what
  // comes behind them are merged with it, so there are O(log n) of them, and a
  // row is merged O(log n) times.
  absl::Status Append(std::shared_ptr<const FieldIndex> index);

  // The rows that pass; num_rows() bits.
  Bitmap Evaluate(const Filter& filter) const;

  // The index of the rows in `keep` (num_rows() bits, or fewer: rows that a
  // view doesn't see are left out) of all `parts`, numbered in order.
  struct Part {
    const FieldRuns* runs = nullptr;
    const Bitmap* keep = nullptr;
  };
  static absl::StatusOr<std::shared_ptr<const FieldIndex>> Merge(
      absl::Span<const Part> parts);

 private:
  std::vector<std::shared_ptr<const FieldIndex>> runs_;
};

// The index of items that are rows 0, 1, ... of a batch, with their built-in
// fields. What is new among their types is added to `types`.
absl::StatusOr<std::shared_ptr<const FieldIndex>> IndexFields(
    absl::Span<const Item* const> items, FieldTypes& types);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_FIELD_RUNS_H_
