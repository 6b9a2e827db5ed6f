#include "engine/filter/field_column.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/filter/filter_value.h"
#include "engine/filter/number_keys.h"

namespace likeness {

FieldColumn::FieldColumn(Parts parts, size_t num_rows)
    : type_(parts.type),
      num_rows_(num_rows),
      numbers_(std::move(parts.numbers)),
      strings_(std::move(parts.strings)),
      lists_(std::move(parts.lists), num_rows,
             parts.type != FieldType::kStringList),
      present_(std::move(parts.present)),
      row_values_(std::make_shared<RowValues>()) {
  numbers_.shrink_to_fit();
  strings_.ShrinkToFit();
  present_.ShrinkToFit();
}

ListRange FieldColumn::Select(Comparator comparator,
                              const FilterValue& value) const {
  if (!Accepts(type_, comparator, value)) return {};
  return HasStringKeys(type_) ? SelectStrings(comparator, value)
                              : SelectNumbers(comparator, value);
}

ListRange FieldColumn::SelectNumbers(Comparator comparator,
                                     const FilterValue& value) const {
  const std::optional<KeyRange> keys = KeysThatMatch(type_, comparator, value);
  if (!keys.has_value()) return {};
  const auto first =
      std::lower_bound(numbers_.begin(), numbers_.end(), keys->low);
  const auto last = std::upper_bound(first, numbers_.end(), keys->high);
  return {static_cast<size_t>(first - numbers_.begin()),
          static_cast<size_t>(last - numbers_.begin())};
}

ListRange FieldColumn::SelectStrings(Comparator comparator,
                                     const FilterValue& value) const {
  if (value.is_prefix) {
    return {strings_.Find(value.text).index, strings_.EndOfPrefix(value.text)};
  }
  const auto [below, found] = strings_.Find(StringKey(value.text));
  const size_t through = below + (found ? 1 : 0);
  switch (comparator) {
    case Comparator::kEqual:
    case Comparator::kHas:
      return {below, through};
    case Comparator::kLess:
      return {0, below};
    case Comparator::kLessOrEqual:
      return {0, through};
    case Comparator::kGreater:
      return {through, num_values()};
    case Comparator::kGreaterOrEqual:
      return {below, num_values()};
    case Comparator::kNotEqual:
    case Comparator::kPresent:
      break;
  }
  return {};
}

const std::vector<uint32_t>& FieldColumn::ValuesOfRows() const {
  return row_values_->Of(lists_.lists(), num_rows_);
}

size_t FieldColumn::memory_bytes() const {
  return numbers_.capacity() * sizeof(int64_t) + strings_.memory_bytes() +
         lists_.memory_bytes() + present_.memory_bytes() + sizeof(RowValues) +
         row_values_->memory_bytes();
}

FieldColumnWriter::FieldColumnWriter(FieldType type, size_t num_rows)
    : num_rows_(num_rows) {
  parts_.type = type;
}

absl::Status FieldColumnWriter::AddRows(PostingLists& lists,
                                        absl::Span<const uint32_t> rows) {
  if (lists.Add(rows)) return absl::OkStatus();
  return WithReason(
      absl::ResourceExhaustedError(
          "a field of one segment has more than 8 GiB of row numbers"),
      kReasonLimitExceeded);
}

absl::Status FieldColumnWriter::Add(int64_t key,
                                    absl::Span<const uint32_t> rows) {
  if (rows.empty()) return absl::OkStatus();
  parts_.numbers.push_back(key);
  return AddRows(parts_.lists, rows);
}

absl::Status FieldColumnWriter::Add(absl::string_view key,
                                    absl::Span<const uint32_t> rows) {
  if (rows.empty()) return absl::OkStatus();
  parts_.strings.Add(key);
  return AddRows(parts_.lists, rows);
}

absl::StatusOr<FieldColumn> FieldColumnWriter::Finish(
    absl::Span<const uint32_t> present) && {
  RETURN_IF_ERROR(AddRows(parts_.present, present));
  return FieldColumn(std::move(parts_), num_rows_);
}

}  // namespace likeness
