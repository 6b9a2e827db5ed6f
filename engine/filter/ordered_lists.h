// Posting lists of a column in the order of its values. Private to
// engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_ORDERED_LISTS_H_
#define LIKENESS_ENGINE_FILTER_ORDERED_LISTS_H_

#include <cstddef>
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

// Posting lists, and what makes a wide range of them cheap: at about every
// sixteenth of the rows a bitmap of all rows in the lists before. A range is
// then the difference of two of those bitmaps and at most two sixteenths of
// single lists: 2 bytes a row instead of a million lists. Immutable; many
// threads may read it.
class OrderedLists {
 public:
  OrderedLists() = default;
  // `disjoint`: no row is in two lists, as when a row has one value; only then
  // there are bitmaps. All rows are below `num_rows`.
  OrderedLists(PostingLists lists, size_t num_rows, bool disjoint);

  const PostingLists& lists() const { return lists_; }

  // Sets the bits of all rows in the lists of `range`.
  void OrInto(ListRange range, Bitmap& out) const;

  size_t memory_bytes() const;

 private:
  // All rows in the lists [0, end).
  struct Union {
    size_t end = 0;
    Bitmap rows;
  };
  void MakeUnions(size_t num_rows);

  PostingLists lists_;
  std::vector<Union> unions_;  // Rising ends, the last one size(); or none.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_ORDERED_LISTS_H_
