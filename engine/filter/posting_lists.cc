#include "engine/filter/posting_lists.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <string>

#include "engine/filter/roaring_format.h"

namespace likeness {
namespace {

constexpr size_t kMaxWords = size_t{1} << 31;
constexpr size_t kRowsWorthRoaring = 16;  // Below, its header alone is as long.

size_t WordsFor(size_t bytes) { return (bytes + 3) / 4; }

}  // namespace

bool PostingLists::Add(absl::Span<const uint32_t> rows) {
  if (rows.size() == 1) {
    handles_.push_back(rows.front() | 1U << 31);
    return true;
  }
  std::string roaring;
  if (rows.size() >= kRowsWorthRoaring) roaring = EncodeRoaring(rows);
  const bool plain =
      roaring.empty() || WordsFor(roaring.size()) + 1 >= rows.size();
  const size_t at = words_.size();
  const size_t added = plain ? 1 + rows.size() : 2 + WordsFor(roaring.size());
  if (at + added > kMaxWords) return false;
  handles_.push_back(static_cast<uint32_t>(at));
  words_.push_back(static_cast<uint32_t>(2 * rows.size() + (plain ? 0 : 1)));
  if (plain) {
    words_.insert(words_.end(), rows.begin(), rows.end());
    return true;
  }
  words_.push_back(static_cast<uint32_t>(roaring.size()));
  words_.resize(at + added);
  std::memcpy(&words_[at + 2], roaring.data(), roaring.size());
  return true;
}

PostingLists::Stored PostingLists::At(uint32_t handle) const {
  const uint32_t head = words_[handle];
  Stored stored;
  stored.count = head / 2;
  if (head % 2 == 0) {
    stored.rows = absl::MakeSpan(words_).subspan(handle + 1, stored.count);
  } else {
    stored.roaring = absl::string_view(
        reinterpret_cast<const char*>(words_.data() + handle + 2),
        words_[handle + 1]);
  }
  return stored;
}

bool PostingLists::CheckStored(uint32_t handle, size_t num_rows) const {
  if (handle >= words_.size()) return false;
  const size_t left = words_.size() - handle - 1;
  const uint32_t head = words_[handle];
  if (head % 2 == 0) {
    if (head / 2 > left) return false;
    const absl::Span<const uint32_t> rows = At(handle).rows;
    return std::adjacent_find(rows.begin(), rows.end(),
                              std::greater_equal<>()) == rows.end() &&
           (rows.empty() || rows.back() < num_rows);
  }
  if (left == 0 || WordsFor(words_[handle + 1]) > left - 1) return false;
  const Stored stored = At(handle);
  return CheckRoaring(stored.roaring, num_rows) == stored.count;
}

bool PostingLists::Check(size_t num_rows) const {
  return std::all_of(handles_.begin(), handles_.end(), [&](uint32_t handle) {
    return IsRow(handle) ? RowOf(handle) < num_rows
                         : CheckStored(handle, num_rows);
  });
}

size_t PostingLists::Count(size_t i) const {
  const uint32_t handle = handles_[i];
  return IsRow(handle) ? 1 : words_[handle] / 2;
}

void PostingLists::OrInto(size_t i, Bitmap& out) const {
  const uint32_t handle = handles_[i];
  if (IsRow(handle)) {
    out.Set(RowOf(handle));
    return;
  }
  const Stored stored = At(handle);
  if (!stored.roaring.empty()) {
    OrRoaring(stored.roaring, out);
    return;
  }
  for (const uint32_t row : stored.rows) out.Set(row);
}

void PostingLists::AppendTo(size_t i, std::vector<uint32_t>& out) const {
  const uint32_t handle = handles_[i];
  if (IsRow(handle)) {
    out.push_back(RowOf(handle));
    return;
  }
  const Stored stored = At(handle);
  if (!stored.roaring.empty()) {
    AppendRoaring(stored.roaring, out);
    return;
  }
  out.insert(out.end(), stored.rows.begin(), stored.rows.end());
}

void PostingLists::ShrinkToFit() {
  handles_.shrink_to_fit();
  words_.shrink_to_fit();
}

size_t PostingLists::memory_bytes() const {
  return (handles_.capacity() + words_.capacity()) * sizeof(uint32_t);
}

}  // namespace likeness
