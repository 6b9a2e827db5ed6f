// Rows that a search found. Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_MATCH_H_
#define LIKENESS_ENGINE_COLLECTION_MATCH_H_

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "absl/types/span.h"
#include "engine/collection/view.h"
#include "engine/core/space.h"

namespace likeness {

// A row of one of a view's segments.
struct Match {
  size_t segment = 0;
  uint32_t row = 0;
  float similarity = 0;
  float distance = 0;
  // Which of the row's vectors is that near, and how many it has.
  uint32_t vector = 0;
  uint32_t vectors = 1;
};

inline uint64_t OpIdOf(const View& view, const Match& match) {
  return view.segments[match.segment].segment->OpIdOf(match.row);
}

// The order of answers, a total one: by falling similarity, then the older
// first (segments and their rows are in the order of their operations).
inline bool IsBetter(const Match& a, const Match& b) {
  if (a.similarity != b.similarity) return a.similarity > b.similarity;
  return std::tie(a.segment, a.row) < std::tie(b.segment, b.row);
}

// How far an index's similarity may lie from the one that is answered: two sums
// of d products of unit vectors differ by at most 2 d u, u = 2^-24 (Higham,
// Accuracy and Stability of Numerical Algorithms, section 3.1); a little more
// for lengths that are rounded themselves.
float ScoreRounding(size_t dimensions);

// The index adds up in single precision, which is enough to find the neighbours
// but makes a vector miss its own similarity of 1, and the distance that
// follows from it (the root of a difference) 0.0003 instead of 0. So what is
// answered is computed again, as `compare` does it. Not thread-safe.
class MatchRater {
 public:
  // Borrows all.
  MatchRater(const View& view, Space space,
             absl::Span<const std::vector<float>> queries)
      : view_(view), space_(space), queries_(queries) {}

  // Sets similarity and distance, of the row's vector and the query that are
  // nearest to each other, and which vector that is; of equal ones the first.
  // The row has a vector in the space.
  void Rate(Match& match);

 private:
  const View& view_;
  const Space space_;
  const absl::Span<const std::vector<float>> queries_;
  std::vector<float> vector_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_MATCH_H_
