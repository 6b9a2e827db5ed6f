#include "engine/collection/row_map.h"

#include <algorithm>
#include <numeric>
#include <ranges>
#include <vector>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kChunkRows = 16384;

}  // namespace

RowMap::RowMap() : rows_(1, kChunkRows) {}

absl::Status RowMap::Append(absl::Span<const uint32_t> rows, size_t end) {
  if (identity()) {
    if (identical_ + rows.size() == end) {
      identical_ = end;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(List());
  }
  return rows_.Append(rows);
}

absl::Status RowMap::List() {
  std::vector<uint32_t> rows(identical_);
  std::iota(rows.begin(), rows.end(), 0U);
  RETURN_IF_ERROR(rows_.Append(rows));
  listed_.store(true, std::memory_order_release);
  return absl::OkStatus();
}

std::optional<size_t> RowMap::OrdinalOf(uint32_t row) const {
  if (identity()) return row;
  const auto row_of = [this](size_t ordinal) { return *rows_.Row(ordinal); };
  const auto all = std::views::iota(size_t{0}, rows_.size());
  const auto found = std::ranges::lower_bound(all, row, {}, row_of);
  if (found == all.end() || row_of(*found) != row) return std::nullopt;
  return *found;
}

Bitmap RowMap::OrdinalsOf(const Bitmap& rows) const {
  Bitmap ordinals;
  ordinals.Grow(rows_.size(), false);
  for (size_t i = 0; i < ordinals.size(); ++i) {
    const uint32_t row = *rows_.Row(i);
    if (row >= rows.size()) break;
    if (rows.Test(row)) ordinals.Set(i);
  }
  return ordinals;
}

}  // namespace likeness
