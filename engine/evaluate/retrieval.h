// Retrieval: does a query find pictures of its class?
#ifndef LIKENESS_ENGINE_EVALUATE_RETRIEVAL_H_
#define LIKENESS_ENGINE_EVALUATE_RETRIEVAL_H_

#include <cstddef>
#include <limits>
#include <vector>

#include "absl/types/span.h"
#include "engine/evaluate/unit_rows.h"

namespace likeness {

// Rows and the class of each.
struct LabelledRows {
  const UnitRows& rows;
  absl::Span<const int> labels;  // One for each row.
};

// How one query fared. Ranks count from 1; of equal similarities the wrong ones
// come first, so that a descriptor that tells nothing apart scores nothing.
struct QueryScore {
  size_t query = 0;
  int label = 0;
  size_t first_rank = 0;     // Of the nearest picture of the query's class.
  double map_at_r = 0;       // The query's summand of MAP@R, 0..1.
  size_t nearest_right = 0;  // Gallery row: the nearest of the class,
  float right_similarity = 0;
  size_t nearest_wrong = 0;  // and of any other; the gallery's size: none.
  float wrong_similarity = -std::numeric_limits<float>::infinity();
};

// Ranks the gallery for every query by falling cosine. Queries whose class the
// gallery does not hold are left out. `same_set`: row i of the gallery is query
// i itself, and is left out of its own answer. Runs on `threads` threads (0:
// one for each core).
//
// MAP@R (Musgrave, Belongie and Lim 2020, "A Metric Learning Reality Check"):
// with R the number of right pictures, 1/R times the sum, over the first R
// ranks that are right, of the share of right ones up to that rank.
std::vector<QueryScore> ScoreRetrieval(const LabelledRows& queries,
                                       const LabelledRows& gallery,
                                       bool same_set, int threads = 0);

struct RetrievalMetrics {
  double recall_at_1 = 0;  // Share of queries with a right one that near.
  double recall_at_5 = 0;
  double recall_at_10 = 0;
  double map_at_r = 0;
};

// Means over queries, each weighted by its label's weight (the bootstrap's; all
// 1 for the plain figures). NaN when no query has weight.
RetrievalMetrics SummarizeRetrieval(absl::Span<const QueryScore> scores,
                                    absl::Span<const double> label_weights);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_RETRIEVAL_H_
