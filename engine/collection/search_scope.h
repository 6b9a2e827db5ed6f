// Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_SEARCH_SCOPE_H_
#define LIKENESS_ENGINE_COLLECTION_SEARCH_SCOPE_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "engine/collection/segment.h"
#include "engine/core/bitmap.h"
#include "engine/filter/filter.h"

namespace likeness {

// The rows that one search may answer with.
struct SearchScope {
  const Filter* filter = nullptr;  // Null: every row passes.
  // Operations whose rows are left out; rising.
  std::vector<uint64_t> left_out;
  // Later operations' rows are left out.
  uint64_t as_of = std::numeric_limits<uint64_t>::max();

  // The live ones among them of a segment. Where nothing else is asked, the
  // view's own bitmap, without a copy; else made in `own`.
  const Bitmap& RowsOf(const SegmentView& segment, Bitmap& own) const;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEARCH_SCOPE_H_
