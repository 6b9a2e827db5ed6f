#include "engine/filter/field_values.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/nearest.h"

namespace likeness {
namespace {

std::string KeyOfType(FieldType type, absl::string_view value) {
  const char tag = static_cast<char>(type);
  return absl::StrCat(absl::string_view(&tag, 1), value);
}

std::optional<size_t> FindNumber(const std::vector<int64_t>& numbers,
                                 absl::string_view bytes) {
  int64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  const auto found = std::lower_bound(numbers.begin(), numbers.end(), number);
  if (found == numbers.end() || *found != number) return std::nullopt;
  return static_cast<size_t>(found - numbers.begin());
}

}  // namespace

absl::Status CheckGroupable(absl::string_view name, const FieldTypes& types) {
  const FieldTypeSet of_field = types.Of(name);
  if (of_field.empty()) {
    std::vector<std::string> names;
    for (const auto& [other, unused] : types.fields()) names.push_back(other);
    const std::string nearest =
        name.size() > kMaxFieldNameBytes ? "" : Nearest(name, names);
    return InvalidField(
        "group_by",
        absl::StrCat("no item has a field of that name",
                     nearest.empty()
                         ? std::string()
                         : absl::StrCat("; did you mean \"", nearest, "\"?")));
  }
  if (of_field.Has(FieldType::kStringList)) {
    return InvalidField(
        "group_by",
        absl::StrCat("the field \"", name, "\" is of the type ",
                     of_field.ToString(),
                     ": an item with a list belongs to no one group"));
  }
  return absl::OkStatus();
}

FieldValues::FieldValues(const FieldIndex& index, absl::string_view field) {
  const auto found = index.columns().find(field);
  if (found == index.columns().end()) return;
  for (const FieldColumn& column : found->second) {
    if (column.is_single()) columns_.push_back(&column);
  }
}

std::optional<FieldValues::Value> FieldValues::Of(uint32_t row) const {
  for (uint32_t column = 0; column < columns_.size(); ++column) {
    const uint32_t number = columns_[column]->ValuesOfRows()[row];
    if (number != RowValues::kNone) return Value{column, number};
  }
  return std::nullopt;
}

std::string FieldValues::KeyOf(Value value) const {
  const FieldColumn& column = *columns_[value.column];
  if (HasStringKeys(column.type())) {
    return KeyOfType(column.type(), column.strings().KeyAt(value.number));
  }
  const int64_t number = column.numbers()[value.number];
  return KeyOfType(column.type(),
                   absl::string_view(reinterpret_cast<const char*>(&number),
                                     sizeof(number)));
}

void FieldValues::AppendRows(absl::string_view key,
                             std::vector<uint32_t>& rows) const {
  const auto type = static_cast<FieldType>(key.front());
  key.remove_prefix(1);
  for (const FieldColumn* column : columns_) {
    if (column->type() != type) continue;
    if (HasStringKeys(type)) {
      const auto [index, found] = column->strings().Find(key);
      if (found) column->lists().AppendTo(index, rows);
    } else if (const auto index = FindNumber(column->numbers(), key)) {
      column->lists().AppendTo(*index, rows);
    }
  }
}

}  // namespace likeness
