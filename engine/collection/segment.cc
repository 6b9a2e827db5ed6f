#include "engine/collection/segment.h"

#include <algorithm>
#include <ranges>

namespace likeness {

std::optional<uint32_t> RowOf(const Segment& segment, size_t rows,
                              uint64_t op_id) {
  const auto op_id_of = [&](size_t row) { return segment.OpIdOf(row); };
  const auto all = std::views::iota(size_t{0}, rows);
  const auto found = std::ranges::lower_bound(all, op_id, {}, op_id_of);
  if (found == all.end() || op_id_of(*found) != op_id) return std::nullopt;
  return static_cast<uint32_t>(*found);
}

}  // namespace likeness
