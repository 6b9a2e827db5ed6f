#include "engine/collection/view_sample.h"

#include <algorithm>

#include "absl/types/span.h"
#include "engine/core/random.h"

namespace likeness {
namespace {

// Calls `visit` with the rows, the number of the row and that of the vector for
// each vector of live rows in `space`.
template <typename Visitor>
void ForEachVector(const View& view, Space space, const Visitor& visit) {
  for (const SegmentView& segment : view.segments) {
    const SpaceRows* rows = segment.segment->space(space);
    if (rows == nullptr) continue;
    ForEachSetBit(*segment.live, [&](size_t row) {
      const auto number = static_cast<uint32_t>(row);
      const size_t vectors = rows->CountVectors(number);
      for (size_t nth = 0; nth < vectors; ++nth) visit(*rows, number, nth);
    });
  }
}

}  // namespace

std::vector<float> SampleView(const View& view, Space space, size_t dimensions,
                              size_t count, uint64_t seed) {
  size_t left = 0;
  ForEachVector(view, space,
                [&left](const SpaceRows& /*rows*/, uint32_t /*row*/,
                        size_t /*nth*/) { ++left; });
  size_t wanted = std::min(count, left);
  std::vector<float> sample(wanted * dimensions);
  size_t at = 0;
  Random random(seed);
  // Algorithm S of Knuth, The Art of Computer Programming, 3.4.2.
  ForEachVector(
      view, space, [&](const SpaceRows& rows, uint32_t row, size_t nth) {
        if (wanted > 0 && random.Below(left) < wanted) {
          rows.Reconstruct(row, nth,
                           absl::MakeSpan(sample).subspan(at, dimensions));
          at += dimensions;
          --wanted;
        }
        --left;
      });
  return sample;
}

}  // namespace likeness
