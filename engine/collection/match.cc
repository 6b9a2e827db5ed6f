#include "engine/collection/match.h"

#include <limits>

#include "engine/core/distance.h"

namespace likeness {

float ScoreRounding(size_t dimensions) {
  return static_cast<float>(dimensions + 4) *
         std::numeric_limits<float>::epsilon();
}

void MatchRater::Rate(Match& match) {
  const SpaceRows& rows = *view_.segments[match.segment].segment->space(space_);
  vector_.resize(queries_.front().size());
  match.vectors = static_cast<uint32_t>(rows.CountVectors(match.row));
  match.similarity = -std::numeric_limits<float>::infinity();
  for (uint32_t nth = 0; nth < match.vectors; ++nth) {
    rows.Reconstruct(match.row, nth, absl::MakeSpan(vector_));
    for (const std::vector<float>& query : queries_) {
      const float similarity = CosineSimilarity(query, vector_);
      if (similarity <= match.similarity) continue;
      match.similarity = similarity;
      match.distance = EuclideanDistance(query, vector_);
      match.vector = nth;
    }
  }
}

}  // namespace likeness
