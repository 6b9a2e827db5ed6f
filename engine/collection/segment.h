#ifndef LIKENESS_ENGINE_COLLECTION_SEGMENT_H_
#define LIKENESS_ENGINE_COLLECTION_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "engine/collection/field_runs.h"
#include "engine/collection/segment_options.h"
#include "engine/collection/space_rows.h"
#include "engine/core/bitmap.h"
#include "engine/core/space.h"

namespace likeness {

// Item versions with their vectors, a row each, in the order of the operations
// that wrote them. Which of them are still current is not the segment's to
// know: that is what a SegmentView says.
//
// Thread-safety: any number of readers, also while the one writer of a growing
// segment appends to it.
class Segment {
 public:
  virtual ~Segment() = default;

  virtual size_t size() const = 0;

  // Rises with the row, which is below a size() that was seen.
  virtual uint64_t OpIdOf(size_t row) const = 0;

  // nullptr: the collection has no such space.
  virtual const SpaceRows* space(Space space) const = 0;

  // Of a sealed segment: names its files. nullopt for one that grows, or has
  // grown and is yet to be sealed.
  virtual std::optional<uint64_t> number() const = 0;

  // Whether it is sealed, and `options` would build the same indexes of its
  // rows.
  virtual bool IsBuiltBy(const SegmentOptions& options) const = 0;
};

// The row of `segment` that operation `op_id` wrote, below `rows`; nullopt when
// there is none.
std::optional<uint32_t> RowOf(const Segment& segment, size_t rows,
                              uint64_t op_id);

// What `segment` weighs in plans and limits, which count rows: its rows, or, if
// they have several, the vectors in the space with most of them.
size_t WeightOf(const Segment& segment);

// A segment as one view sees it.
struct SegmentView {
  std::shared_ptr<const Segment> segment;
  // One bit for each row that the view sees, set where the item version is the
  // current one. Shared between views, so never changed: replaced.
  std::shared_ptr<const Bitmap> live;
  FieldRuns fields;  // Of the rows that the view sees.
};

// Bytes of memory that `view`'s rows take, but for what is mapped from files.
uint64_t MemoryOf(const SegmentView& view);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEGMENT_H_
