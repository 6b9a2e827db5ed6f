#ifndef LIKENESS_ENGINE_COLLECTION_ROW_MAP_H_
#define LIKENESS_ENGINE_COLLECTION_ROW_MAP_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/index/chunked_rows.h"

namespace likeness {

// Which row of a segment each ordinal of an index stands for. Most items have
// one vector in every space, so ordinal and row are the same number and nothing
// is kept; from the first row on that has none, or several (whose ordinals then
// follow each other), it is kept where the ordinals of each row end: 4 bytes a
// row.
//
// Thread-safety: one writer; any number of readers, who may ask for what was
// appended before they began.
class RowMap {
 public:
  // The ordinals [first, first + count) of a row.
  struct Ordinals {
    size_t first = 0;
    size_t count = 0;

    friend bool operator==(const Ordinals&, const Ordinals&) = default;
  };

  RowMap();

  // `rows` are those of the next ordinals: in rising order, each as often as it
  // has vectors, above all before, and below `end`, the size of the segment
  // once they are in it. To be called before a reader can know of a row below
  // `end`. RESOURCE_EXHAUSTED, and nothing appended, when there is no memory.
  absl::Status Append(absl::Span<const uint32_t> rows, size_t end);

  // True while ordinals are rows.
  bool identity() const { return !listed_.load(std::memory_order_acquire); }

  // Whether some row has several ordinals.
  bool repeats() const { return repeats_.load(std::memory_order_acquire); }

  // Of an ordinal that was appended.
  uint32_t RowOf(size_t ordinal) const;

  // None where the row was left out.
  Ordinals OrdinalsOf(uint32_t row) const;

  // The ordinals of all of `rows`. Not for identities, where the answer is
  // `rows`.
  Bitmap OrdinalsOf(const Bitmap& rows) const;

  // Rows that are kept; none while it is an identity.
  size_t size() const { return ends_.size(); }

  uint64_t memory_bytes() const { return ends_.size() * sizeof(uint32_t); }

 private:
  absl::Status List();
  size_t EndOf(size_t row) const { return *ends_.Row(row); }
  size_t BeginOf(size_t row) const { return row == 0 ? 0 : EndOf(row - 1); }

  std::atomic<bool> listed_{false};
  std::atomic<bool> repeats_{false};
  size_t identical_ = 0;  // The writer's own: rows before the list.
  ChunkedRows<uint32_t> ends_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_ROW_MAP_H_
