#ifndef LIKENESS_ENGINE_COLLECTION_ROW_MAP_H_
#define LIKENESS_ENGINE_COLLECTION_ROW_MAP_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/index/chunked_rows.h"

namespace likeness {

// Which row of a segment each ordinal of an index stands for. Most items have a
// vector in every space, so ordinal and row are the same number and nothing is
// kept; from the first row that is left out on, the rows are listed.
//
// Thread-safety: one writer; any number of readers, who may ask for what was
// appended before they began.
class RowMap {
 public:
  RowMap();

  // `rows` are those of the next ordinals: rising, above all before, and below
  // `end`, the size of the segment once they are in it. To be called before a
  // reader can know of a row below `end`. RESOURCE_EXHAUSTED, and nothing
  // appended, when there is no memory.
  absl::Status Append(absl::Span<const uint32_t> rows, size_t end);

  // True while ordinals are rows.
  bool identity() const { return !listed_.load(std::memory_order_acquire); }

  uint32_t RowOf(size_t ordinal) const {
    return identity() ? static_cast<uint32_t>(ordinal) : *rows_.Row(ordinal);
  }

  // nullopt when the row was left out.
  std::optional<size_t> OrdinalOf(uint32_t row) const;

  // The ordinals of those of `rows` that have one. Not for identities, where
  // the answer is `rows`.
  Bitmap OrdinalsOf(const Bitmap& rows) const;

 private:
  absl::Status List();

  std::atomic<bool> listed_{false};
  size_t identical_ = 0;  // The writer's own: ordinals before the list.
  ChunkedRows<uint32_t> rows_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_ROW_MAP_H_
