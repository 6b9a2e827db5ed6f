#ifndef LIKENESS_ENGINE_CORE_BITMAP_H_
#define LIKENESS_ENGINE_CORE_BITMAP_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace likeness {

// A set of ordinals [0, size()), one bit each. Copyable; readers of an
// immutable one need no lock.
class Bitmap {
 public:
  size_t size() const { return size_; }

  // Grows to `size` bits; new ones are `value`. Shrinking is not supported.
  void Grow(size_t size, bool value);

  bool Test(size_t ordinal) const {
    return ((words_[ordinal / 64] >> (ordinal % 64)) & 1U) != 0;
  }
  void Set(size_t ordinal) { words_[ordinal / 64] |= Mask(ordinal); }
  void Clear(size_t ordinal) { words_[ordinal / 64] &= ~Mask(ordinal); }

  // Number of set bits.
  size_t Count() const;

  // Set operations with a bitmap of the same size.
  void And(const Bitmap& other);
  void Or(const Bitmap& other);
  void AndNot(const Bitmap& other);
  // Adds what is in `kept` and not in `without`.
  void OrDifference(const Bitmap& kept, const Bitmap& without);
  void Invert();

  // Puts the bits of `other` behind the last one.
  void Append(const Bitmap& other);

  // The bits [64 * i, 64 * i + 64) as one word, the lowest ordinal in the
  // lowest bit; i < (size() + 63) / 64.
  uint64_t Word(size_t i) const { return words_[i]; }

  // All of those words, for loops that set many bits. Bits from size() on must
  // stay 0.
  absl::Span<uint64_t> MutableWords() { return absl::MakeSpan(words_); }
  absl::Span<const uint64_t> words() const { return words_; }

  // Bit i of the set is bit i%8 of byte i/8 (little-endian words), the layout
  // of faiss::IDSelectorBitmap.
  const uint8_t* bytes() const {
    return reinterpret_cast<const uint8_t*>(words_.data());
  }

 private:
  static uint64_t Mask(size_t ordinal) { return uint64_t{1} << (ordinal % 64); }

  size_t size_ = 0;
  std::vector<uint64_t> words_;  // Bits from size_ on are 0.
};

// Calls visit(i) for every bit i that is set, in rising order.
template <typename Visit>
void ForEachSetBit(const Bitmap& bitmap, Visit visit) {
  size_t base = 0;
  for (uint64_t word : bitmap.words()) {
    for (; word != 0; word &= word - 1) {
      visit(base + static_cast<size_t>(std::countr_zero(word)));
    }
    base += 64;
  }
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_BITMAP_H_
