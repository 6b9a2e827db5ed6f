// Sorted row numbers in the portable format of roaring bitmaps
// (github.com/RoaringBitmap/RoaringFormatSpec). Private to engine/filter.
//
// CRoaring writes them. They are read in place, as they lie in a file: its
// objects cost a hundred bytes and more for each small list, it gives rows as
// integers only where a dense bitmap is wanted, and what it reads it does not
// check.
#ifndef LIKENESS_ENGINE_FILTER_ROARING_FORMAT_H_
#define LIKENESS_ENGINE_FILTER_ROARING_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"

namespace likeness {

// The smallest form of strictly rising rows.
std::string EncodeRoaring(absl::Span<const uint32_t> rows);

// The number of rows, all below `num_rows`; nullopt unless the bytes are a
// well-formed bitmap and nothing else.
std::optional<uint64_t> CheckRoaring(absl::string_view bytes, size_t num_rows);

// These require bytes that CheckRoaring has accepted, for a bitmap of
// `num_rows` bits or more.
void OrRoaring(absl::string_view bytes, Bitmap& out);
void AppendRoaring(absl::string_view bytes, std::vector<uint32_t>& out);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_ROARING_FORMAT_H_
