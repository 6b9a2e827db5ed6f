#ifndef LIKENESS_ENGINE_COLLECTION_LIVE_SEGMENTS_H_
#define LIKENESS_ENGINE_COLLECTION_LIVE_SEGMENTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/collection/growing_segment.h"
#include "engine/collection/segment.h"
#include "engine/core/bitmap.h"
#include "engine/core/space.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// The writer's side of a collection's segments: takes what was committed and
// says which rows are live. The last segment grows; one that has grown to
// `growing_rows` (WeightOf) is frozen, and stays as it is until Replace puts a
// sealed one in its place. Not thread-safe; what segments() hands out may be
// read by any thread.
class LiveSegments {
 public:
  // One empty growing segment with every space that has dimensions.
  static absl::StatusOr<LiveSegments> Make(const PerSpace<int>& dimensions,
                                           IndexFactory make_index,
                                           size_t growing_rows);

  // Of the vectors.
  const PerSpace<int>& dimensions() const { return dimensions_; }

  // By rising operation ids; the last one grows.
  const std::vector<SegmentView>& segments() const { return segments_; }

  // Of all items that were ever in segments(), with the built-in fields.
  const std::shared_ptr<const FieldTypes>& types() const { return types_; }

  // Adds the vectors of `mutations`, and buries the rows that they replaced.
  // After an error the rows no longer agree with the store.
  absl::Status Take(absl::Span<const Mutation> mutations,
                    absl::Span<const Applied> applied);

  // What Take is made of, for a start from the store: adds rows that are all
  // live, an item for each, and buries the rows that these operations wrote.
  absl::Status Add(const RowBatch& batch, absl::Span<const Item* const> items);
  void Bury(std::vector<uint64_t> op_ids);

  // Freezes the growing segment, unless it is empty.
  absl::Status Freeze();

  // Puts `built` in the place of the `before.size()` neighbours from `first`
  // on, which it was made of when they were as in `before`: what has died among
  // them since is buried in it. Without a segment nothing takes their place.
  struct Built {
    std::shared_ptr<const Segment> segment;
    FieldRuns fields;
  };
  void Replace(size_t first, absl::Span<const SegmentView> before, Built built);

  // Puts sealed segments, of at least one row, before all others.
  void Prepend(std::vector<SegmentView> sealed);

 private:
  LiveSegments(PerSpace<int> dimensions, IndexFactory make_index,
               size_t growing_rows);
  absl::Status StartGrowing();
  void AddTypes(const FieldTypes& types);

  PerSpace<int> dimensions_;
  IndexFactory make_index_;
  size_t growing_rows_;
  std::shared_ptr<GrowingSegment> growing_;  // The last of segments_.
  std::vector<SegmentView> segments_;
  // Shared with views, so never changed: replaced.
  std::shared_ptr<const FieldTypes> types_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_LIVE_SEGMENTS_H_
