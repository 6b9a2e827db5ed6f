#ifndef LIKENESS_ENGINE_COLLECTION_SEGMENT_OPTIONS_H_
#define LIKENESS_ENGINE_COLLECTION_SEGMENT_OPTIONS_H_

#include <cstddef>
#include <optional>

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
  // searched exactly, so that every search pays for its rows. Here and below a
  // row with several vectors counts as often.
  size_t growing_rows = 8192;
  // Sealed segments with fewer live rows than this are searched exactly.
  size_t min_graph_rows = 4096;
  // Those with as many as this, by lists (IVF), in between by a graph (HNSW):
  // at 256 dimensions a graph of float32 vectors takes 5 GiB from here on.
  size_t min_ivf_rows = 4 << 20;
  // What larger ones than min_graph_rows are searched by instead, if set.
  std::optional<IndexKind> kind;
  // Segments are not merged beyond this.
  size_t max_segment_rows = 16 << 20;
  // A sealed segment is built anew when more than this share of its rows has
  // died: above 0, at most 1.
  double max_dead_share = 0.3;
  // Rows that may wait in memory to be sealed: growing_rows..2^30. Writers are
  // slowed down from half of it on, and wait at it.
  size_t max_frozen_rows = 2 << 20;
  // Of graphs and lists, but for their kind and the lists' code.
  IndexBuildParams graph;
  VectorCode list_code = VectorCode::kInt8;
  // Called between small steps of a build, by the building threads: it may
  // sleep, which slows building down; false cancels. May be null.
  BuildPace pace;

  absl::Status Validate() const;

  // What is said here of what an owner may choose; all of it set that does not
  // depend on a segment's size.
  IndexOptions index_rule() const;

  // As here, but for what was chosen.
  SegmentOptions With(const IndexOptions& chosen) const;

  // How the index of one space of a sealed segment is built.
  IndexBuildParams ParamsFor(size_t rows) const;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEGMENT_OPTIONS_H_
