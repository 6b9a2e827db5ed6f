#include "engine/filter/ordered_lists.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace likeness {
namespace {

// Bitmaps over a whole column, and the lists between two of them: fewer are as
// quickly added one by one.
constexpr size_t kUnions = 16;
constexpr size_t kMinListsBetween = 4;
constexpr uint64_t kMinRowsForUnions = 4096;

}  // namespace

OrderedLists::OrderedLists(PostingLists lists, size_t num_rows, bool disjoint)
    : lists_(std::move(lists)) {
  lists_.ShrinkToFit();
  if (disjoint) MakeUnions(num_rows);
}

void OrderedLists::MakeUnions(size_t num_rows) {
  uint64_t total = 0;
  for (size_t i = 0; i < lists_.size(); ++i) total += lists_.Count(i);
  if (lists_.size() < 2 * kMinListsBetween || total < kMinRowsForUnions) return;
  const uint64_t step = total / kUnions;
  Bitmap rows;
  rows.Grow(num_rows, false);
  uint64_t since = 0;
  size_t begin = 0;
  for (size_t i = 0; i < lists_.size(); ++i) {
    lists_.OrInto(i, rows);
    since += lists_.Count(i);
    const size_t end = i + 1;
    const bool far = since >= step && end - begin >= kMinListsBetween;
    if (!far && end < lists_.size()) continue;
    unions_.push_back({end, rows});
    begin = end;
    since = 0;
  }
}

void OrderedLists::OrInto(ListRange range, Bitmap& out) const {
  if (range.empty()) return;
  // The first union that ends at or behind the range's beginning, and the last
  // that ends within it.
  const auto ends_before = [](const Union& one, size_t end) {
    return one.end < end;
  };
  const auto from = std::lower_bound(unions_.begin(), unions_.end(),
                                     range.first, ends_before);
  auto to = std::lower_bound(unions_.begin(), unions_.end(), range.last + 1,
                             ends_before);
  size_t singles_end = range.last;
  size_t resume = range.last;
  if (to != unions_.begin() && range.first == 0) {
    --to;
    out.Or(to->rows);
    singles_end = 0;
    resume = to->end;
  } else if (to != unions_.begin() && from < --to) {
    out.OrDifference(to->rows, from->rows);
    singles_end = from->end;
    resume = to->end;
  }
  for (size_t i = range.first; i < singles_end; ++i) lists_.OrInto(i, out);
  for (size_t i = resume; i < range.last; ++i) lists_.OrInto(i, out);
}

size_t OrderedLists::memory_bytes() const {
  size_t bytes = lists_.memory_bytes();
  for (const Union& one : unions_) {
    bytes += sizeof(Union) + one.rows.words().size() * sizeof(uint64_t);
  }
  return bytes;
}

}  // namespace likeness
