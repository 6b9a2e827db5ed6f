#include "engine/collection/group_ids.h"

#include <algorithm>

namespace likeness {
namespace {

// Groups of a value have this bit and a number; groups of one row have the
// segment and the row.
constexpr uint64_t kHasValue = uint64_t{1} << 63;

uint64_t Alone(size_t segment, uint32_t row) {
  return uint64_t{segment} << 32 | row;
}

}  // namespace

GroupIds::GroupIds(const View& view, const std::string& field)
    : runs_(field.empty() ? 0 : view.segments.size()) {
  for (size_t i = 0; i < runs_.size(); ++i) {
    uint32_t first_row = 0;
    for (const auto& index : view.segments[i].fields.runs()) {
      runs_[i].push_back({first_row, FieldValues(*index, field)});
      first_row += static_cast<uint32_t>(index->num_rows());
    }
  }
}

uint64_t GroupIds::Of(size_t segment, uint32_t row) {
  if (runs_.empty()) return Alone(segment, row);
  const std::vector<Run>& runs = runs_[segment];
  const auto behind = std::upper_bound(
      runs.begin(), runs.end(), row,
      [](uint32_t one, const Run& run) { return one < run.first_row; });
  if (behind == runs.begin()) return Alone(segment, row);
  const Run& run = *(behind - 1);
  const auto value = run.values.Of(row - run.first_row);
  if (!value.has_value()) return Alone(segment, row);
  const auto number = static_cast<size_t>(behind - runs.begin());
  const auto [known, is_new] = groups_of_values_.try_emplace(
      LocalValue(segment, number, value->column, value->number), 0);
  if (is_new) {
    std::string key = run.values.KeyOf(*value);
    const auto [of_key, is_new_key] =
        groups_of_keys_.try_emplace(key, kHasValue | keys_.size());
    if (is_new_key) keys_.push_back(std::move(key));
    known->second = of_key->second;
  }
  return known->second;
}

std::vector<size_t> GroupIds::RowsOf(size_t segment, uint64_t group,
                                     size_t end) const {
  std::vector<size_t> rows;
  const auto add = [&](size_t row) {
    if (row < end) rows.push_back(row);
  };
  if ((group & kHasValue) == 0) {
    if (group >> 32 == segment) add(static_cast<uint32_t>(group));
    return rows;
  }
  std::vector<uint32_t> members;
  for (const Run& run : runs_[segment]) {
    members.clear();
    run.values.AppendRows(keys_[group & ~kHasValue], members);
    for (const uint32_t member : members) add(size_t{run.first_row} + member);
  }
  return rows;
}

void GroupIds::SetRows(size_t segment, uint64_t group, Bitmap& rows) const {
  for (const size_t row : RowsOf(segment, group, rows.size())) rows.Set(row);
}

void GroupIds::ClearRows(size_t segment, uint64_t group, Bitmap& rows) const {
  for (const size_t row : RowsOf(segment, group, rows.size())) rows.Clear(row);
}

}  // namespace likeness
