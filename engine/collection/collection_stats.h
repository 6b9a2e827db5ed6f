#ifndef LIKENESS_ENGINE_COLLECTION_COLLECTION_STATS_H_
#define LIKENESS_ENGINE_COLLECTION_COLLECTION_STATS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "engine/core/index_options.h"

namespace likeness {

// What a collection takes.
struct CollectionSize {
  // Its segments and, as MetadataStore::DiskBytes says, its records.
  uint64_t disk_bytes = 0;
  // Its indexes, but for what is mapped from files.
  uint64_t memory_bytes = 0;
};

// How a compaction goes, or went.
struct CompactionState {
  enum class Phase {
    kNone,      // There was none since the collection was opened.
    kSegments,  // One segment is made of all.
    kStore,     // The store's tables are rewritten.
    kDone,
    kFailed,
  };
  Phase phase = Phase::kNone;
  double progress = 0;  // Of the phase: 0 to 1, about.
  CollectionSize before;
  CollectionSize after;  // kDone.
  absl::Time started;
  absl::Time ended;     // kDone, kFailed.
  absl::Status status;  // kFailed: why.

  bool running() const {
    return phase == Phase::kSegments || phase == Phase::kStore;
  }
};

// How a collection holds its vectors.
struct CollectionStats {
  uint64_t rows = 0;  // Item versions, dead ones included.
  uint64_t dead_rows = 0;
  size_t sealed_segments = 0;
  // Sealed ones that were built under other index options than those in effect.
  size_t outdated_segments = 0;
  size_t segments = 0;  // The growing one and those yet to be sealed included.
  uint64_t unembedded_items = 0;  // Those with Item::unembedded.
  // Rows that wait to be sealed, the growing segment's left out; one with
  // several vectors counts as often. Writers are slowed down when they become
  // many: SegmentOptions::max_frozen_rows.
  uint64_t frozen_rows = 0;
  // What indexes take, but for what is mapped from files.
  uint64_t memory_bytes = 0;
  // In effect: what was chosen, and the rule where nothing was; all of it set.
  IndexOptions index;
  // Not OK: why the sealed segments on the disk were not used at the start, but
  // built anew from the store.
  absl::Status opened;
  // Not OK: what stopped the building of segments. Searches are as before, only
  // slower; the next write makes it try again.
  absl::Status built;
  CompactionState compaction;  // The newest.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_COLLECTION_STATS_H_
