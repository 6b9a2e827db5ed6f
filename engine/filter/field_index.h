// Which rows of a segment pass a filter.
#ifndef LIKENESS_ENGINE_FILTER_FIELD_INDEX_H_
#define LIKENESS_ENGINE_FILTER_FIELD_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/filter/field_column.h"
#include "engine/filter/field_types.h"
#include "engine/filter/filter.h"

namespace likeness {

inline constexpr size_t kMaxFieldIndexRows = (size_t{1} << 31) - 1;

// RESOURCE_EXHAUSTED (reason LIMIT_EXCEEDED) for more rows than that.
absl::Status CheckFieldIndexRows(size_t num_rows);

// Inverted lists over the metadata of the rows 0 .. num_rows() - 1: for every
// value of every field, the rows that have it. Derived from the store and never
// the truth. FieldIndexBuilder makes one from metadata, MergeFieldIndexes from
// several. Immutable: any number of threads may read it.
class FieldIndex {
 public:
  // By field name; the columns of one field by rising type, without repeats.
  using Columns = std::map<std::string, std::vector<FieldColumn>, std::less<>>;

  // No rows.
  FieldIndex() = default;
  // Every column is one of `num_rows` rows.
  FieldIndex(size_t num_rows, Columns columns);

  // Reads what Serialize wrote. DATA_LOSS (reason CORRUPT_DATA) for anything
  // else, by checksum and by structure: no bytes make it, or what it returns,
  // read or write out of bounds. FAILED_PRECONDITION for the format of a newer
  // program.
  static absl::StatusOr<std::shared_ptr<const FieldIndex>> Parse(
      absl::string_view bytes);

  // docs/storage_format.md describes the bytes.
  std::string Serialize() const;

  size_t num_rows() const { return num_rows_; }
  const Columns& columns() const { return columns_; }

  // The fields that were seen.
  FieldTypes types() const;

  // The rows that pass, exactly those for which Matches is true: num_rows()
  // bits. A field that no row has is like one that every row lacks.
  Bitmap Evaluate(const Filter& filter) const;

  // Bytes held, allocations counted at their size.
  size_t memory_bytes() const;

 private:
  size_t num_rows_ = 0;
  Columns columns_;
};

// One input of a merge.
struct FieldIndexPart {
  const FieldIndex* index = nullptr;
  // The rows to keep, index->num_rows() bits; null: all.
  const Bitmap* keep = nullptr;
};

// The index of the kept rows of `parts`, numbered in order from 0: those of the
// first part, then those of the second. RESOURCE_EXHAUSTED as the builder's.
absl::StatusOr<std::shared_ptr<const FieldIndex>> MergeFieldIndexes(
    absl::Span<const FieldIndexPart> parts);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_FIELD_INDEX_H_
