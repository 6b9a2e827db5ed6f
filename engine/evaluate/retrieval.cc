#include "engine/evaluate/retrieval.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "engine/core/parallel.h"

namespace likeness {
namespace {

std::optional<QueryScore> ScoreQuery(const LabelledRows& queries, size_t query,
                                     const LabelledRows& gallery,
                                     bool same_set) {
  const size_t size = gallery.rows.size();
  std::vector<float> similarities(size);
  Similarities(gallery.rows, queries.rows[query], absl::MakeSpan(similarities));
  QueryScore score;
  score.query = query;
  score.label = queries.labels[query];
  score.nearest_wrong = size;
  std::vector<float> right;  // Similarities of the right ones.
  const auto is_itself = [&](size_t i) { return same_set && i == query; };
  for (size_t i = 0; i < size; ++i) {
    if (is_itself(i) || gallery.labels[i] != score.label) continue;
    if (right.empty() || similarities[i] > score.right_similarity) {
      score.nearest_right = i;
      score.right_similarity = similarities[i];
    }
    right.push_back(similarities[i]);
  }
  if (right.empty()) return std::nullopt;
  std::sort(right.begin(), right.end(), std::greater<>());
  // wrong_before[j]: how many wrong ones come between the right ones j - 1 and
  // j; those that tie with a right one come before it.
  std::vector<size_t> wrong_before(right.size() + 1, 0);
  for (size_t i = 0; i < size; ++i) {
    if (is_itself(i) || gallery.labels[i] == score.label) continue;
    if (similarities[i] > score.wrong_similarity) {
      score.nearest_wrong = i;
      score.wrong_similarity = similarities[i];
    }
    const auto found = std::lower_bound(right.begin(), right.end(),
                                        similarities[i], std::greater<>());
    ++wrong_before[static_cast<size_t>(found - right.begin())];
  }
  size_t wrong = 0;
  for (size_t j = 0; j < right.size(); ++j) {
    wrong += wrong_before[j];
    const size_t rank = wrong + j + 1;
    if (j == 0) score.first_rank = rank;
    if (rank > right.size()) break;
    score.map_at_r += static_cast<double>(j + 1) / static_cast<double>(rank);
  }
  score.map_at_r /= static_cast<double>(right.size());
  return score;
}

}  // namespace

std::vector<QueryScore> ScoreRetrieval(const LabelledRows& queries,
                                       const LabelledRows& gallery,
                                       bool same_set, int threads) {
  std::vector<std::optional<QueryScore>> all(queries.rows.size());
  ParallelFor(all.size(), threads, [&](size_t i) {
    all[i] = ScoreQuery(queries, i, gallery, same_set);
  });
  std::vector<QueryScore> scores;
  for (const std::optional<QueryScore>& score : all) {
    if (score.has_value()) scores.push_back(*score);
  }
  return scores;
}

RetrievalMetrics SummarizeRetrieval(absl::Span<const QueryScore> scores,
                                    absl::Span<const double> label_weights) {
  RetrievalMetrics sums;
  double total = 0;
  for (const QueryScore& score : scores) {
    const double weight = label_weights[static_cast<size_t>(score.label)];
    total += weight;
    if (score.first_rank <= 1) sums.recall_at_1 += weight;
    if (score.first_rank <= 5) sums.recall_at_5 += weight;
    if (score.first_rank <= 10) sums.recall_at_10 += weight;
    sums.map_at_r += weight * score.map_at_r;
  }
  return {sums.recall_at_1 / total, sums.recall_at_5 / total,
          sums.recall_at_10 / total, sums.map_at_r / total};
}

}  // namespace likeness
