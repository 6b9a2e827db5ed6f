#include "engine/index/memory_region.h"

#include <sys/mman.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace likeness {

MemoryRegion::~MemoryRegion() {
  if (data_ != nullptr) munmap(data_, size_);
}

absl::StatusOr<MemoryRegion> MemoryRegion::Allocate(size_t bytes) {
  if (bytes == 0) return MemoryRegion();
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no memory for ", bytes, " bytes of an index"));
  }
  madvise(data, bytes, MADV_HUGEPAGE);  // A wish: nothing depends on it.
  return MemoryRegion(static_cast<char*>(data), bytes);
}

absl::StatusOr<MemoryRegion> MemoryRegion::Map(int descriptor, uint64_t offset,
                                               size_t bytes) {
  if (bytes == 0) return MemoryRegion();
  void* data = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor,
                    static_cast<off_t>(offset));
  if (data == MAP_FAILED) {
    return absl::ErrnoToStatus(errno, "cannot map a file into memory");
  }
  return MemoryRegion(static_cast<char*>(data), bytes);
}

void MemoryRegion::ExpectRandomReads() const {
  if (data_ != nullptr) madvise(data_, size_, MADV_RANDOM);
}

void MemoryRegion::ExpectSequentialReads() const {
  if (data_ != nullptr) madvise(data_, size_, MADV_SEQUENTIAL);
}

}  // namespace likeness
