#ifndef LIKENESS_ENGINE_INDEX_CHUNKED_ROWS_H_
#define LIKENESS_ENGINE_INDEX_CHUNKED_ROWS_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace likeness {

// An append-only table of rows of `width` Ts, kept in chunks that never move,
// so that readers need no lock while it grows.
//
// Thread-safety: one writer; any number of readers. A reader may touch the rows
// below any size() that it has seen. Chunks are aligned to 64 bytes, and the
// rows of one chunk lie behind each other.
template <typename T>
class ChunkedRows {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // `width` Ts a row, `chunk_rows` (a multiple of 64) rows a chunk.
  ChunkedRows(size_t width, size_t chunk_rows)
      : width_(width), chunk_rows_(chunk_rows) {}

  ChunkedRows(const ChunkedRows&) = delete;
  ChunkedRows& operator=(const ChunkedRows&) = delete;

  size_t chunk_rows() const { return chunk_rows_; }
  size_t size() const { return size_.load(std::memory_order_acquire); }

  // Row r is row r % chunk_rows() of chunk r / chunk_rows().
  const T* const* chunks() const {
    return table_.load(std::memory_order_acquire);
  }

  const T* Row(size_t row) const {
    T* const* table = table_.load(std::memory_order_acquire);
    return table[row / chunk_rows_] + (row % chunk_rows_) * width_;
  }

  // Appends values.size() / width rows; readers see all of them or none.
  // RESOURCE_EXHAUSTED, and nothing appended, when there is no memory.
  absl::Status Append(absl::Span<const T> values) {
    size_t row = size_.load(std::memory_order_relaxed);
    const size_t end = row + values.size() / width_;
    if (!AllocateFor(end)) {
      return absl::ResourceExhaustedError(
          absl::StrCat("no memory for ", values.size() / width_, " rows of ",
                       width_ * sizeof(T), " bytes"));
    }
    T* const* table = table_.load(std::memory_order_relaxed);
    const T* from = values.data();
    while (row < end) {
      const size_t in_chunk = row % chunk_rows_;
      const size_t rows = std::min(end - row, chunk_rows_ - in_chunk);
      std::copy_n(from, rows * width_,
                  table[row / chunk_rows_] + in_chunk * width_);
      from += rows * width_;
      row += rows;
    }
    size_.store(end, std::memory_order_release);
    return absl::OkStatus();
  }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(T* chunk) const { ::operator delete(chunk, kAlignment); }
  };

  bool AllocateFor(size_t rows) {
    while (chunks_.size() * chunk_rows_ < rows) {
      void* memory = ::operator new(width_ * chunk_rows_ * sizeof(T),
                                    kAlignment, std::nothrow);
      if (memory == nullptr) return false;
      chunks_.emplace_back(static_cast<T*>(memory));
      if (chunks_.size() > table_capacity_) GrowTable();
      // Not read by anyone until size_ says so.
      tables_.back()[chunks_.size() - 1] = chunks_.back().get();
    }
    return true;
  }

  // Readers may hold an older table, so all of them stay: together they are at
  // most as large as the newest.
  void GrowTable() {
    table_capacity_ = std::max<size_t>(16, 2 * table_capacity_);
    auto table = std::make_unique<T*[]>(table_capacity_);
    for (size_t i = 0; i < chunks_.size(); ++i) table[i] = chunks_[i].get();
    tables_.push_back(std::move(table));
    table_.store(tables_.back().get(), std::memory_order_release);
  }

  const size_t width_;
  const size_t chunk_rows_;
  std::atomic<size_t> size_{0};
  std::atomic<T* const*> table_{nullptr};
  // The writer's own.
  size_t table_capacity_ = 0;
  std::vector<std::unique_ptr<T, Free>> chunks_;
  std::vector<std::unique_ptr<T*[]>> tables_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_CHUNKED_ROWS_H_
