#include "engine/index/ivf_lists.h"

#include <algorithm>

#include "absl/status/status.h"

namespace likeness {

absl::StatusOr<IvfLists> IvfLists::View(size_t rows,
                                        absl::Span<const uint32_t> numbers) {
  const absl::Status broken =
      absl::DataLossError("has lists of rows that are not there");
  if (numbers.empty()) return broken;
  const size_t count = numbers.front();
  numbers.remove_prefix(1);
  if (count == 0 || count > numbers.size()) return broken;
  IvfLists lists;
  lists.begins_.reserve(count + 1);
  uint64_t entries = 0;
  for (const uint32_t size : numbers.first(count)) {
    entries += size;
    if (entries > rows) return broken;
    lists.begins_.push_back(static_cast<uint32_t>(entries));
  }
  lists.rows_ = numbers.subspan(count);
  const bool inside = std::all_of(lists.rows_.begin(), lists.rows_.end(),
                                  [rows](uint32_t row) { return row < rows; });
  if (lists.rows_.size() != entries || !inside) return broken;
  return lists;
}

}  // namespace likeness
