#include "engine/filter/row_values.h"

#include <memory>

namespace likeness {
namespace {

std::vector<uint32_t> TurnAround(const PostingLists& lists, size_t num_rows) {
  std::vector<uint32_t> values(num_rows, RowValues::kNone);
  std::vector<uint32_t> rows;
  for (size_t value = 0; value < lists.size(); ++value) {
    rows.clear();
    lists.AppendTo(value, rows);
    for (const uint32_t row : rows) values[row] = static_cast<uint32_t>(value);
  }
  return values;
}

}  // namespace

const std::vector<uint32_t>& RowValues::Of(const PostingLists& lists,
                                           size_t num_rows) {
  const std::vector<uint32_t>* values = values_.load(std::memory_order_acquire);
  if (values != nullptr) return *values;
  auto made = std::make_unique<const std::vector<uint32_t>>(
      TurnAround(lists, num_rows));
  if (values_.compare_exchange_strong(values, made.get(),
                                      std::memory_order_acq_rel)) {
    return *made.release();
  }
  return *values;
}

size_t RowValues::memory_bytes() const {
  const std::vector<uint32_t>* values = values_.load(std::memory_order_acquire);
  return values == nullptr ? 0 : values->capacity() * sizeof(uint32_t);
}

}  // namespace likeness
