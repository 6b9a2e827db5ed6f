#include "engine/collection/view_stats.h"

#include <cstddef>

namespace likeness {

uint64_t FrozenRows(const View& view) {
  uint64_t rows = 0;
  for (size_t i = 0; i + 1 < view.segments.size(); ++i) {
    const SegmentView& segment = view.segments[i];
    if (!segment.segment->number().has_value()) {
      rows += WeightOf(*segment.segment);
    }
  }
  return rows;
}

uint64_t MemoryOf(const View& view) {
  uint64_t bytes = 0;
  for (const SegmentView& segment : view.segments) bytes += MemoryOf(segment);
  return bytes;
}

CollectionStats StatsOf(const View& view, const SegmentOptions& options) {
  CollectionStats stats;
  stats.segments = view.segments.size();
  stats.frozen_rows = FrozenRows(view);
  stats.memory_bytes = MemoryOf(view);
  stats.unembedded_items = view.store->unembedded();
  for (const SegmentView& segment : view.segments) {
    const size_t rows = segment.live->size();
    stats.rows += rows;
    stats.dead_rows += rows - segment.live->Count();
    if (!segment.segment->number().has_value()) continue;
    ++stats.sealed_segments;
    if (!segment.segment->IsBuiltBy(options)) ++stats.outdated_segments;
  }
  return stats;
}

}  // namespace likeness
