// Posting lists of a column in the order of its values. Private to
// engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_ORDERED_LISTS_H_
#define LIKENESS_ENGINE_FILTER_ORDERED_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/bitmap.h"
#include "engine/filter/posting_lists.h"

namespace likeness {

// Lists [first, last) of a column: what a comparison selects.
struct ListRange {
  size_t first = 0;
  size_t last = 0;

  bool empty() const { return first >= last; }
};

// Posting lists, and what makes a wide range of them cheap: running sums of
// their sizes, and at about every sixteenth of the rows a bitmap of all rows
// in the lists before. A range is then the difference of two of those bitmaps
// and at most two sixteenths of single lists: 2 bytes a row instead of a
// million lists. Immutable; many threads may read it.
class OrderedLists {
 public:
  OrderedLists() = default;
  // `disjoint`: no row is in two lists, as when a row has one value; only then
  // there are bitmaps. All rows are below `num_rows`.
  OrderedLists(PostingLists lists, size_t num_rows, bool disjoint);

  const PostingLists& lists() const { return lists_; }

  // Rows in the lists of `range`; of a row in several of them, each counts.
  uint64_t Count(ListRange range) const;

  // Sets the bits of all rows in the lists of `range`.
  void OrInto(ListRange range, Bitmap& out) const;

  size_t memory_bytes() const;

 private:
  static constexpr size_t kSumStep = 64;

  // All rows in the lists [0, end).
  struct Union {
    size_t end = 0;
    Bitmap rows;
  };
  void MakeUnions(size_t num_rows);

  PostingLists lists_;
  std::vector<uint64_t> sums_;  // At i: rows in the lists [0, kSumStep * i).
  std::vector<Union> unions_;   // Rising ends, the last one size(); or none.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_ORDERED_LISTS_H_
