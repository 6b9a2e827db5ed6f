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

void Bitmap::And(const Bitmap& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

void Bitmap::Or(const Bitmap& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

void Bitmap::AndNot(const Bitmap& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
}

void Bitmap::OrDifference(const Bitmap& kept, const Bitmap& without) {
  for (size_t i = 0; i < words_.size(); ++i) {
    words_[i] |= kept.words_[i] & ~without.words_[i];
  }
}

void Bitmap::Invert() {
  for (uint64_t& word : words_) word = ~word;
  if (size_ % 64 != 0) words_.back() &= Mask(size_) - 1;
}

void Bitmap::Append(const Bitmap& other) {
  const size_t first = size_ / 64;
  const size_t shift = size_ % 64;
  Grow(size_ + other.size_, false);
  for (size_t i = 0; i < other.words_.size(); ++i) {
    words_[first + i] |= other.words_[i] << shift;
    if (shift != 0 && first + i + 1 < words_.size()) {
      words_[first + i + 1] |= other.words_[i] >> (64 - shift);
    }
  }
}

}  // namespace likeness
