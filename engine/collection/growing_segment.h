#ifndef LIKENESS_ENGINE_COLLECTION_GROWING_SEGMENT_H_
#define LIKENESS_ENGINE_COLLECTION_GROWING_SEGMENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/collection/segment.h"
#include "engine/core/space.h"
#include "engine/index/chunked_rows.h"
#include "engine/index/vector_index.h"
#include "engine/store/mutation.h"

namespace likeness {

using IndexFactory =
    std::function<absl::StatusOr<std::unique_ptr<GrowingIndex>>(
        int dimensions)>;

// Rows on their way into a segment of vectors of `dimensions`.
struct RowBatch {
  explicit RowBatch(const PerSpace<int>& dimensions_of_spaces)
      : dimensions(dimensions_of_spaces) {}

  void Add(uint64_t op_id, const ItemVectors& item_vectors);

  // Its rows, or the vectors in the space with most of them.
  size_t weight() const;

  PerSpace<int> dimensions;
  std::vector<uint64_t> op_ids;
  // In op_ids, each as often as it has vectors.
  PerSpace<std::vector<uint32_t>> rows;
  PerSpace<std::vector<float>> vectors;  // Of `rows`, row-major.
};

// The newest rows of a collection, searched exactly while it grows.
class GrowingSegment final : public Segment {
 public:
  // `dimensions` of 0: no such space.
  static absl::StatusOr<std::shared_ptr<GrowingSegment>> Make(
      const PerSpace<int>& dimensions, const IndexFactory& make_index);

  // Appends the rows, whose operation ids rise and are larger than all before.
  // After an error the segment is not to be used any more.
  absl::Status Add(const RowBatch& batch);

  size_t size() const override { return op_ids_.size(); }
  uint64_t OpIdOf(size_t row) const override { return *op_ids_.Row(row); }
  const SpaceRows* space(Space space) const override {
    return spaces_[space].has_value() ? &*spaces_[space] : nullptr;
  }
  std::optional<uint64_t> number() const override { return std::nullopt; }
  bool IsBuiltBy(const SegmentOptions& /*options*/) const override {
    return false;
  }

 private:
  // What Add writes to; SpaceRows owns it.
  struct Writable {
    GrowingIndex* index = nullptr;
    RowMap* rows = nullptr;
  };

  GrowingSegment();

  PerSpace<std::optional<SpaceRows>> spaces_;
  PerSpace<Writable> writable_;
  ChunkedRows<uint64_t> op_ids_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_GROWING_SEGMENT_H_
