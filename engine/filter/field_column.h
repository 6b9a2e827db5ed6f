// The values of one field that have one type. Part of FieldIndex.
#ifndef LIKENESS_ENGINE_FILTER_FIELD_COLUMN_H_
#define LIKENESS_ENGINE_FILTER_FIELD_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/filter/field_types.h"
#include "engine/filter/filter.h"
#include "engine/filter/ordered_lists.h"
#include "engine/filter/posting_lists.h"
#include "engine/filter/row_values.h"
#include "engine/filter/string_dictionary.h"

namespace likeness {

// Distinct values in order, with the rows of each. Values are keys: those of
// number_keys.h, or for strings and members of lists StringKey. Every
// comparison other than != selects a range of them. Immutable; many threads may
// read it.
class FieldColumn {
 public:
  // What a column is made of; the files hold the same.
  struct Parts {
    FieldType type = FieldType::kString;
    std::vector<int64_t> numbers;  // Strictly rising; for neither strings...
    StringDictionary strings;      // ... nor lists of them, which are here.
    PostingLists lists;            // Of each value.
    PostingLists present;  // One list: all rows that have the field. (A list
                           // may be empty.)
  };
  // `parts` is consistent; all rows are below `num_rows`.
  FieldColumn(Parts parts, size_t num_rows);

  FieldType type() const { return type_; }
  size_t num_values() const { return lists_.lists().size(); }

  // True when a row has one value at most.
  bool is_single() const { return type_ != FieldType::kStringList; }

  // The values for which a comparison, other than != and presence, holds.
  ListRange Select(Comparator comparator, const FilterValue& value) const;

  // Sets the bits of the rows that have one of those values.
  void OrInto(ListRange range, Bitmap& out) const { lists_.OrInto(range, out); }
  // Sets the bits of all rows that have the field.
  void OrPresentInto(Bitmap& out) const { present_.OrInto(0, out); }

  // The number of the value that each row has, RowValues::kNone where it has
  // none. Of a single column. Made when it is first asked for, and kept: 4
  // bytes a row.
  const std::vector<uint32_t>& ValuesOfRows() const;

  const std::vector<int64_t>& numbers() const { return numbers_; }
  const StringDictionary& strings() const { return strings_; }
  const PostingLists& lists() const { return lists_.lists(); }
  const PostingLists& present() const { return present_; }

  size_t memory_bytes() const;

 private:
  ListRange SelectNumbers(Comparator comparator,
                          const FilterValue& value) const;
  ListRange SelectStrings(Comparator comparator,
                          const FilterValue& value) const;

  FieldType type_;
  size_t num_rows_;
  std::vector<int64_t> numbers_;
  StringDictionary strings_;
  OrderedLists lists_;
  PostingLists present_;
  std::shared_ptr<RowValues> row_values_;  // Of all copies.
};

// Whether values of this type are kept as strings.
inline bool HasStringKeys(FieldType type) {
  return type == FieldType::kString || type == FieldType::kStringList;
}

// Makes a column from values in rising order. Not thread-safe.
class FieldColumnWriter {
 public:
  FieldColumnWriter(FieldType type, size_t num_rows);

  // Adds a value with its rows, which rise; one without rows is left out.
  // RESOURCE_EXHAUSTED when the column has more than 8 GiB of lists.
  absl::Status Add(int64_t key, absl::Span<const uint32_t> rows);
  absl::Status Add(absl::string_view key, absl::Span<const uint32_t> rows);

  // `present`: all rows that have the field, rising.
  absl::StatusOr<FieldColumn> Finish(absl::Span<const uint32_t> present) &&;

 private:
  absl::Status AddRows(PostingLists& lists, absl::Span<const uint32_t> rows);

  FieldColumn::Parts parts_;
  size_t num_rows_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_FIELD_COLUMN_H_
