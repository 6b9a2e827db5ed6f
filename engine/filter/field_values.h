// Rows by the value of one field, for grouping.
#ifndef LIKENESS_ENGINE_FILTER_FIELD_VALUES_H_
#define LIKENESS_ENGINE_FILTER_FIELD_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/filter/field_index.h"
#include "engine/filter/field_types.h"

namespace likeness {

// INVALID_ARGUMENT, for the field "group_by", unless items can be grouped by
// the metadata field `name`: there must be one, and it may not be a list.
absl::Status CheckGroupable(absl::string_view name, const FieldTypes& types);

// One field of a FieldIndex, which it borrows. Thread-safe.
class FieldValues {
 public:
  // A field that no row has is like one that every row lacks.
  FieldValues(const FieldIndex& index, absl::string_view field);

  // A value, as this index numbers it.
  struct Value {
    uint32_t column = 0;
    uint32_t number = 0;
  };
  // nullopt: the row lacks the field.
  std::optional<Value> Of(uint32_t row) const;

  // The same bytes for the same value in every index, others for others. The
  // values of two types are never the same: 20 and 20.0 are two.
  std::string KeyOf(Value value) const;

  // Appends the rows that have the value of this key, rising.
  void AppendRows(absl::string_view key, std::vector<uint32_t>& rows) const;

 private:
  std::vector<const FieldColumn*> columns_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_FIELD_VALUES_H_
