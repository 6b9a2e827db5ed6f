// How the kernels go over their rows: four at a time, so that a part of the
// query is loaded once for four rows and four rows are under way to the cache
// at once. Private to the kernels.
#ifndef LIKENESS_ENGINE_INDEX_KERNEL_BLOCK_H_
#define LIKENESS_ENGINE_INDEX_KERNEL_BLOCK_H_

#include <algorithm>
#include <cstddef>

namespace likeness {

inline constexpr size_t kBlockRows = 4;
inline constexpr size_t kCacheLine = 64;

// Four rows. A block that begins fewer than four rows before the end repeats
// the last one.
template <typename Row>
struct RowBlock {
  RowBlock(const Row* const* rows, size_t begin, size_t count) {
    for (size_t i = 0; i < kBlockRows; ++i) {
      row[i] = rows[std::min(begin + i, count - 1)];
    }
  }

  void Prefetch(size_t width) const {
    for (const Row* each : row) {
      const auto* bytes = reinterpret_cast<const char*>(each);
      for (size_t at = 0; at < width * sizeof(Row); at += kCacheLine) {
        __builtin_prefetch(bytes + at);
      }
    }
  }

  const Row* row[kBlockRows];
};

// Copies the products of a block to where they belong.
inline void StoreBlock(const float* products, size_t begin, size_t count,
                       float* out) {
  std::copy_n(products, std::min(kBlockRows, count - begin), out + begin);
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_KERNEL_BLOCK_H_
