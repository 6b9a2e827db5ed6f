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

size_t WeightOf(const Segment& segment) {
  size_t weight = segment.size();
  for (const Space space : kAllSpaces) {
    const SpaceRows* rows = segment.space(space);
    if (rows != nullptr) weight = std::max(weight, rows->index().size());
  }
  return weight;
}

uint64_t MemoryOf(const SegmentView& view) {
  uint64_t bytes = view.segment->size() * sizeof(uint64_t);  // Operations.
  for (const Space space : kAllSpaces) {
    const SpaceRows* rows = view.segment->space(space);
    if (rows == nullptr) continue;
    bytes += rows->index().memory().owned() + rows->rows().memory_bytes();
  }
  return bytes + view.fields.memory_bytes() + view.live->size() / 8;
}

}  // namespace likeness
