#include "engine/collection/merge_plan.h"

#include <algorithm>

namespace likeness {
namespace {

bool HasTooManyDead(const SegmentSize& size, const SegmentOptions& options) {
  const auto dead = static_cast<double>(size.rows - size.live);
  return dead > options.max_dead_share * static_cast<double>(size.rows);
}

// From the first frozen segment on, as many as fit into one.
SegmentRange FrozenRun(absl::Span<const SegmentSize> sizes, size_t first,
                       size_t max_rows, size_t& live) {
  SegmentRange range{first, 0};
  while (first + range.count < sizes.size()) {
    const SegmentSize& next = sizes[first + range.count];
    if (range.count > 0 && live + next.live > max_rows) break;
    live += next.live;
    ++range.count;
  }
  return range;
}

}  // namespace

std::vector<SegmentSize> SizesOf(absl::Span<const SegmentView> segments) {
  std::vector<SegmentSize> sizes;
  sizes.reserve(segments.size());
  for (const SegmentView& view : segments) {
    const size_t rows = view.live->size();
    const size_t weight = WeightOf(*view.segment);
    size_t live = view.live->Count();
    if (weight > rows) live = live * weight / rows;
    sizes.push_back(
        {std::max(rows, weight), live, view.segment->number().has_value()});
  }
  return sizes;
}

std::optional<SegmentRange> PlanMerge(absl::Span<const SegmentSize> sizes,
                                      const SegmentOptions& options) {
  size_t frozen = 0;
  while (frozen < sizes.size() && sizes[frozen].sealed) ++frozen;
  if (frozen < sizes.size()) {
    size_t live = 0;
    SegmentRange range =
        FrozenRun(sizes, frozen, options.max_segment_rows, live);
    while (range.first > 0) {
      const SegmentSize& before = sizes[range.first - 1];
      if (before.live >= 2 * live) break;
      if (before.live + live > options.max_segment_rows) break;
      live += before.live;
      --range.first;
      ++range.count;
    }
    return range;
  }
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (HasTooManyDead(sizes[i], options)) return SegmentRange{i, 1};
  }
  return std::nullopt;
}

}  // namespace likeness
