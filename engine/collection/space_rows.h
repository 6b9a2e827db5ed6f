#ifndef LIKENESS_ENGINE_COLLECTION_SPACE_ROWS_H_
#define LIKENESS_ENGINE_COLLECTION_SPACE_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/index/chunked_rows.h"
#include "engine/index/vector_index.h"

namespace likeness {

using IndexFactory =
    std::function<absl::StatusOr<std::unique_ptr<GrowingIndex>>(
        int dimensions)>;

// The rows of one space: an index, and the operation that wrote each ordinal.
// Append-only. Thread-safe as VectorIndex: one writer, any number of readers.
class SpaceRows {
 public:
  explicit SpaceRows(std::unique_ptr<GrowingIndex> index);

  const VectorIndex& index() const { return *index_; }

  // Adds a row for each of `op_ids`, which rise and are larger than all before.
  absl::Status Add(absl::Span<const uint64_t> op_ids,
                   absl::Span<const float> vectors);

  uint64_t OpIdOf(size_t ordinal) const { return *op_ids_.Row(ordinal); }

  // The row that operation `op_id` wrote; nullopt when it has none here.
  std::optional<size_t> OrdinalOf(uint64_t op_id) const;

 private:
  const std::unique_ptr<GrowingIndex> index_;
  ChunkedRows<uint64_t> op_ids_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SPACE_ROWS_H_
