// Copy detection: is the original of an edited picture found among many?
#ifndef LIKENESS_ENGINE_EVALUATE_COPY_RETRIEVAL_H_
#define LIKENESS_ENGINE_EVALUATE_COPY_RETRIEVAL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "engine/evaluate/unit_rows.h"

namespace likeness {

// Places along the precision-recall curve that the bootstrap looks at.
inline constexpr size_t kCopyBins = 256;

// How one edited copy fared. Of equal similarities the wrong ones come first.
struct CopyScore {
  size_t original = 0;       // Row among the references.
  size_t rank = 0;           // Of the original, from 1.
  float similarity = 0;      // To the original.
  size_t nearest_wrong = 0;  // Reference; their number: none.
  float wrong_similarity = 0;
  size_t bin = 0;  // Of the similarity.
  // Wrong references whose similarity falls into each bin.
  std::array<uint32_t, kCopyBins> wrong_bins{};
};

struct PrecisionRecall {
  float threshold = 0;  // Accepted: similarity >= threshold.
  double precision = 0;
  double recall = 0;
};

// Every query-reference pair, one ranking over all of them.
struct CopyResult {
  std::vector<CopyScore> scores;  // One a query.
  // By falling threshold, one for each distinct similarity of a copy to its
  // original; what lies between changes precision alone, for the worse.
  std::vector<PrecisionRecall> curve;
};

// A pair of a query and a reference that was looked at again.
struct SecondScore {
  size_t reference = 0;  // Row.
  float score = 0;       // Instead of the cosine.
};

// `originals[i]` is the reference that query i was made from. Every other
// reference is wrong, whatever it shows. `second_scores[i]`, where there are
// any, replace cosines of query i. Runs on `threads` threads (0: one for each
// core); needs 1 KiB a query.
CopyResult ScoreCopies(
    const UnitRows& queries, absl::Span<const size_t> originals,
    const UnitRows& references, int threads = 0,
    absl::Span<const std::vector<SecondScore>> second_scores = {});

struct CopyMetrics {
  double recall_at_1 = 0;  // Share of queries with the original first.
  // Micro average precision: the area under the curve over all pairs
  // (Perronnin, Liu and Renders 2009; the measure of the Image Similarity
  // Challenge 2021, Douze et al.): the sum of precision times the gain in
  // recall. Equal similarities are accepted together.
  double micro_ap = 0;
  double recall_at_p90 = 0;  // Largest recall at a precision of 90 % or more.
};

CopyMetrics SummarizeCopies(const CopyResult& result);

// The same with a weight for each reference, which its copies and their pairs
// carry, read off kCopyBins places: for the bootstrap.
CopyMetrics SummarizeCopies(const CopyResult& result,
                            absl::Span<const double> original_weights);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_COPY_RETRIEVAL_H_
