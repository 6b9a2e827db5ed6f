#include "engine/collection/search_scope.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ranges>

namespace likeness {
namespace {

// The rows below `rows` that operations up to `op_id` wrote.
size_t RowsUpTo(const Segment& segment, size_t rows, uint64_t op_id) {
  const auto all = std::views::iota(size_t{0}, rows);
  const auto later = std::ranges::upper_bound(
      all, op_id, {}, [&](size_t row) { return segment.OpIdOf(row); });
  return static_cast<size_t>(later - all.begin());
}

}  // namespace

const Bitmap& SearchScope::RowsOf(const SegmentView& segment,
                                  Bitmap& own) const {
  const Bitmap& live = *segment.live;
  const size_t rows = live.size();
  const auto op_id_of = [&](size_t row) {
    return segment.segment->OpIdOf(row);
  };
  const bool all_seen = rows == 0 || op_id_of(rows - 1) <= as_of;
  if (filter == nullptr && left_out.empty() && all_seen) return live;
  if (filter == nullptr) {
    own = live;
  } else {
    own = segment.fields.Evaluate(*filter);
    own.And(live);
  }
  if (rows == 0) return own;
  auto gone = std::lower_bound(left_out.begin(), left_out.end(), op_id_of(0));
  for (; gone != left_out.end() && *gone <= op_id_of(rows - 1); ++gone) {
    const auto row = RowOf(*segment.segment, rows, *gone);
    if (row.has_value()) own.Clear(*row);
  }
  if (all_seen) return own;
  for (size_t row = RowsUpTo(*segment.segment, rows, as_of); row < rows;
       ++row) {
    own.Clear(row);
  }
  return own;
}

}  // namespace likeness
