#include "engine/filter/ordered_lists.h"

#include <algorithm>
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
  sums_.reserve(lists_.size() / kSumStep + 1);
  uint64_t sum = 0;
  for (size_t i = 0; i < lists_.size(); ++i) {
    if (i % kSumStep == 0) sums_.push_back(sum);
    sum += lists_.Count(i);
  }
  if (disjoint) MakeUnions(num_rows);
}

void OrderedLists::MakeUnions(size_t num_rows) {
  const uint64_t total = Count({0, lists_.size()});
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

uint64_t OrderedLists::Count(ListRange range) const {
  if (range.empty()) return 0;
  const auto before = [&](size_t end) {
    if (end == 0) return uint64_t{0};
    const size_t step = (end - 1) / kSumStep;
    uint64_t sum = sums_[step];
    for (size_t i = step * kSumStep; i < end; ++i) sum += lists_.Count(i);
    return sum;
  };
  return before(range.last) - before(range.first);
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
  size_t bytes = lists_.memory_bytes() + sums_.capacity() * sizeof(uint64_t);
  for (const Union& one : unions_) {
    bytes += sizeof(Union) + one.rows.words().size() * sizeof(uint64_t);
  }
  return bytes;
}

}  // namespace likeness
