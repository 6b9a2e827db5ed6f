#include "engine/collection/match.h"

#include <limits>

#include "engine/core/distance.h"

namespace likeness {

float ScoreRounding(size_t dimensions) {
  return static_cast<float>(dimensions + 4) *
         std::numeric_limits<float>::epsilon();
}

void MatchRater::Rate(Match& match) {
  const SpaceRows* rows = view_.segments[match.segment].segment->space(space_);
  vector_.resize(queries_.front().size());
  rows->Reconstruct(match.row, absl::MakeSpan(vector_));
  const std::vector<float>* nearest = nullptr;
  for (const std::vector<float>& query : queries_) {
    const float similarity = CosineSimilarity(query, vector_);
    if (nearest != nullptr && similarity <= match.similarity) continue;
    nearest = &query;
    match.similarity = similarity;
  }
  match.distance = EuclideanDistance(*nearest, vector_);
}

}  // namespace likeness
