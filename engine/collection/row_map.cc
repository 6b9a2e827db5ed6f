#include "engine/collection/row_map.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <ranges>
#include <vector>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kChunkRows = 16384;
constexpr uint64_t kAllBits = ~uint64_t{0};

// Sets the bits [begin, end).
void SetBits(size_t begin, size_t end, absl::Span<uint64_t> words) {
  while (begin < end) {
    const size_t bit = begin % 64;
    const size_t count = std::min(64 - bit, end - begin);
    words[begin / 64] |= (kAllBits >> (64 - count)) << bit;
    begin += count;
  }
}

}  // namespace

RowMap::RowMap() : ends_(1, kChunkRows) {}

absl::Status RowMap::Append(absl::Span<const uint32_t> rows, size_t end) {
  const bool repeats =
      std::adjacent_find(rows.begin(), rows.end()) != rows.end();
  if (identity()) {
    if (!repeats && identical_ + rows.size() == end) {
      identical_ = end;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(List());
  }
  const size_t first_row = ends_.size();
  std::vector<uint32_t> ends;
  ends.reserve(end - first_row);
  size_t taken = 0;
  const size_t begin = first_row == 0 ? 0 : EndOf(first_row - 1);
  for (size_t row = first_row; row < end; ++row) {
    while (taken < rows.size() && rows[taken] == row) ++taken;
    ends.push_back(static_cast<uint32_t>(begin + taken));
  }
  RETURN_IF_ERROR(ends_.Append(ends));
  if (repeats) repeats_.store(true, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status RowMap::List() {
  std::vector<uint32_t> ends(identical_);
  std::iota(ends.begin(), ends.end(), 1U);
  RETURN_IF_ERROR(ends_.Append(ends));
  listed_.store(true, std::memory_order_release);
  return absl::OkStatus();
}

uint32_t RowMap::RowOf(size_t ordinal) const {
  if (identity()) return static_cast<uint32_t>(ordinal);
  const auto all = std::views::iota(size_t{0}, ends_.size());
  return static_cast<uint32_t>(*std::ranges::upper_bound(
      all, ordinal, {}, [this](size_t row) { return EndOf(row); }));
}

RowMap::Ordinals RowMap::OrdinalsOf(uint32_t row) const {
  if (identity()) return {row, 1};
  const size_t begin = BeginOf(row);
  return {begin, EndOf(row) - begin};
}

Bitmap RowMap::OrdinalsOf(const Bitmap& rows) const {
  Bitmap ordinals;
  if (rows.size() == 0) return ordinals;
  ordinals.Grow(EndOf(rows.size() - 1), false);
  const absl::Span<uint64_t> set = ordinals.MutableWords();
  for (size_t i = 0; i < rows.words().size(); ++i) {
    const size_t first = i * 64;
    uint64_t word = rows.Word(i);
    // Mostly all live, or all filtered out.
    if (word == kAllBits) {
      SetBits(BeginOf(first), EndOf(first + 63), set);
      continue;
    }
    for (; word != 0; word &= word - 1) {
      const size_t row = first + static_cast<size_t>(std::countr_zero(word));
      SetBits(BeginOf(row), EndOf(row), set);
    }
  }
  return ordinals;
}

}  // namespace likeness
