#ifndef LIKENESS_ENGINE_INDEX_MEMORY_REGION_H_
#define LIKENESS_ENGINE_INDEX_MEMORY_REGION_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace likeness {

// Whole pages of memory: the process's own, or a part of a file. Owns them.
// Movable; immutable ones are thread-safe.
class MemoryRegion {
 public:
  MemoryRegion() = default;
  MemoryRegion(MemoryRegion&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  MemoryRegion& operator=(MemoryRegion&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MemoryRegion();

  // Zeros, on large pages where the system gives them: a walk over a graph
  // touches a page here and a page there. RESOURCE_EXHAUSTED when there is no
  // memory.
  static absl::StatusOr<MemoryRegion> Allocate(size_t bytes);

  // Bytes [offset, offset + bytes) of an open file, read-only; `offset` is a
  // multiple of the page size. Nothing is read yet, and the file may be closed.
  static absl::StatusOr<MemoryRegion> Map(int descriptor, uint64_t offset,
                                          size_t bytes);

  char* data() { return data_; }
  size_t size() const { return size_; }
  absl::string_view bytes() const { return {data_, size_}; }

  // The bytes as Ts: size() / sizeof(T) of them.
  template <typename T>
  absl::Span<const T> As() const {
    return {reinterpret_cast<const T*>(data_), size_ / sizeof(T)};
  }

  // Tells the system that pages are read here and there, or soon and in order.
  void ExpectRandomReads() const;
  void ExpectSequentialReads() const;

 private:
  MemoryRegion(char* data, size_t size) : data_(data), size_(size) {}

  char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_MEMORY_REGION_H_
