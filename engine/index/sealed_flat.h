// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_SEALED_FLAT_H_
#define LIKENESS_ENGINE_INDEX_SEALED_FLAT_H_

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/index/flat_scan.h"
#include "engine/index/memory_region.h"
#include "engine/index/sealed_index.h"
#include "engine/index/vector_index.h"

namespace likeness {

// The vectors of a sealed index, row-major in one region. Immutable.
class SealedRows {
 public:
  // No row is longer than `max_norm`. `mapped`: the region is a file's.
  SealedRows(MemoryRegion region, size_t dimensions, float max_norm,
             bool mapped)
      : region_(std::move(region)),
        data_(region_.As<float>().data()),
        dimensions_(dimensions),
        max_norm_(max_norm),
        mapped_(mapped) {}

  size_t size() const { return bytes() / (dimensions_ * sizeof(float)); }
  size_t bytes() const { return region_.size(); }
  size_t dimensions() const { return dimensions_; }
  bool mapped() const { return mapped_; }
  const float* data() const { return data_; }
  const float* Row(size_t row) const { return data_ + row * dimensions_; }

  // For an exact search of the `allowed` rows. Borrows both.
  FlatScan Scan(const Bitmap& allowed) const;

 private:
  MemoryRegion region_;
  const float* data_;
  size_t dimensions_;
  float max_norm_;
  bool mapped_;
};

std::unique_ptr<SealedIndex> MakeSealedFlat(SealedRows rows);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEALED_FLAT_H_
