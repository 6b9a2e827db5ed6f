#include "engine/core/bitmap.h"

#include <bit>

namespace likeness {

void Bitmap::Grow(size_t size, bool value) {
  if (size <= size_) return;
  if (value && size_ % 64 != 0) words_.back() |= ~(Mask(size_) - 1);
  words_.resize((size + 63) / 64, value ? ~uint64_t{0} : 0);
  size_ = size;
  if (size_ % 64 != 0) words_.back() &= Mask(size_) - 1;
}

size_t Bitmap::Count() const {
  size_t count = 0;
  for (const uint64_t word : words_) {
    count += static_cast<size_t>(std::popcount(word));
  }
  return count;
}

}  // namespace likeness
