#ifndef LIKENESS_ENGINE_COLLECTION_VIEW_STATS_H_
#define LIKENESS_ENGINE_COLLECTION_VIEW_STATS_H_

#include <cstdint>

#include "engine/collection/collection_stats.h"
#include "engine/collection/segment_options.h"
#include "engine/collection/view.h"

namespace likeness {

// Rows that wait to be sealed: those of all unsealed segments but the growing
// one, or as many as they have vectors (WeightOf).
uint64_t FrozenRows(const View& view);

// Bytes of all segments' vectors, graphs and marks.
uint64_t MemoryOf(const View& view);

// What can be told from a view alone. `options` are those in effect.
CollectionStats StatsOf(const View& view, const SegmentOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VIEW_STATS_H_
