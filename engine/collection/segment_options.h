#ifndef LIKENESS_ENGINE_COLLECTION_SEGMENT_OPTIONS_H_
#define LIKENESS_ENGINE_COLLECTION_SEGMENT_OPTIONS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "engine/core/index_options.h"
#include "engine/index/sealed_index.h"

namespace likeness {

// When rows move from the growing segment into sealed ones, and how those are
// built: the rule for what the owner of a collection did not choose. All of it
// is derived from the store, so that a directory may be opened with other
// options than before: they hold for segments that are built from then on.
struct SegmentOptions {
  // Rows at which the growing segment is frozen, to be sealed: 1..2^20. It is
  // searched exactly, so that every search pays for its rows.
  size_t growing_rows = 8192;
  // Sealed segments with fewer live rows than this are searched exactly.
  size_t min_graph_rows = 4096;
  // Segments are not merged beyond this.
  size_t max_segment_rows = 4 << 20;
  // A sealed segment is built anew when more than this share of its rows has
  // died: above 0, at most 1.
  double max_dead_share = 0.3;
  // Rows that may wait in memory to be sealed: growing_rows..2^30. Writers are
  // slowed down from half of it on, and wait at it.
  size_t max_frozen_rows = 2 << 20;
  // Of the graphs.
  IndexBuildParams graph;
  // Called between small steps of a build, by the building threads: it may
  // sleep, which slows building down; false cancels. May be null.
  BuildPace pace;

  absl::Status Validate() const;

  // What is said here of what an owner may choose; all of it set.
  IndexOptions index_rule() const;

  // As here, but for what was chosen.
  SegmentOptions With(const IndexOptions& chosen) const;

  // How the index of one space of a sealed segment is built.
  IndexBuildParams ParamsFor(size_t rows) const;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEGMENT_OPTIONS_H_
