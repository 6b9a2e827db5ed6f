// The rows of each value of a column. Private to engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_POSTING_LISTS_H_
#define LIKENESS_ENGINE_FILTER_POSTING_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"

namespace likeness {

// Lists of strictly rising row numbers, 0 .. size() - 1, in the smallest of
// three forms: a single row lies in the list's handle (4 bytes in all), few
// rows as plain integers, many as a roaring bitmap. Append-only; many threads
// may read one that nobody adds to.
class PostingLists {
 public:
  PostingLists() = default;
  // From the bytes of a file: call Check before anything else.
  PostingLists(std::vector<uint32_t> handles, std::vector<uint32_t> words)
      : handles_(std::move(handles)), words_(std::move(words)) {}

  // Whether every list lies within the words, is well-formed, and has rows
  // below `num_rows` only.
  bool Check(size_t num_rows) const;

  // Appends a list of rows below 2^31, rising. Returns false, and adds nothing,
  // when there is no room left (8 GiB).
  [[nodiscard]] bool Add(absl::Span<const uint32_t> rows);

  size_t size() const { return handles_.size(); }

  // Number of rows in list `i`.
  size_t Count(size_t i) const;

  // Sets the bits of the rows in list `i`.
  void OrInto(size_t i, Bitmap& out) const;

  // Appends the rows of list `i`, rising.
  void AppendTo(size_t i, std::vector<uint32_t>& out) const;

  void ShrinkToFit();
  size_t memory_bytes() const;

  // What the file holds.
  const std::vector<uint32_t>& handles() const { return handles_; }
  const std::vector<uint32_t>& words() const { return words_; }

 private:
  // A list in words_. Plain: a word 2 * count, then the rows. Roaring: a word
  // 2 * count + 1, the number of bytes, then the bytes, filled up with zeros to
  // whole words.
  struct Stored {
    size_t count = 0;
    absl::Span<const uint32_t> rows;  // Of a plain one.
    absl::string_view roaring;        // Not empty: it is one.
  };
  // A handle has the top bit and a row, or the number of a word.
  static bool IsRow(uint32_t handle) { return (handle >> 31) != 0; }
  static uint32_t RowOf(uint32_t handle) { return handle & ~(1U << 31); }

  Stored At(uint32_t handle) const;
  bool CheckStored(uint32_t handle, size_t num_rows) const;

  std::vector<uint32_t> handles_;
  std::vector<uint32_t> words_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_POSTING_LISTS_H_
