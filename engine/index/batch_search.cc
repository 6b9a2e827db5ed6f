#include <faiss/utils/Heap.h>
#include <faiss/utils/distances.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/index/flat_scan.h"
#include "engine/index/kernels.h"
#include "engine/index/top_k.h"

namespace likeness {
namespace {

// Below this FAISS itself goes without BLAS.
constexpr size_t kMinBatchQueries = 20;
// Beyond this, selecting the neighbours twice costs more than BLAS saves.
constexpr int kMaxBatchK = 256;
// Neighbours that are asked for beyond k, so that rounding rarely decides which
// of them are the best k.
constexpr int kMargin = 16;
constexpr size_t kBlockRows = 4096;
constexpr size_t kBlockQueries = 256;

// Queries of one call, answered block of rows after block of rows.
//
// BLAS adds up in another order than the kernel for one query, so its
// similarities only choose candidates, which are then scored by that kernel.
// `unseen` is the largest BLAS similarity that a row left out can have; when it
// is below the k-th neighbour by more than both roundings together, no better
// row was left out. Otherwise (equal vectors around rank k) the query is
// answered alone.
class BatchSearcher {
 public:
  BatchSearcher(const FlatScan& scan, absl::Span<const float> queries,
                const IndexSearchParams& params)
      : scan_(scan),
        queries_(queries),
        params_(params),
        count_(queries.size() / scan.rows.dimensions),
        top_(count_, TopK(params)),
        unseen_(count_, -std::numeric_limits<float>::infinity()) {}

  std::vector<IndexSearchResult> Run() {
    ForEachRun(scan_.allowed, scan_.limit, [this](size_t first, size_t count) {
      if (ordinals_.size() + count > kBlockRows) ScoreBlock();
      for (size_t i = 0; i < count; ++i) ordinals_.push_back(first + i);
    });
    ScoreBlock();
    std::vector<IndexSearchResult> results(count_);
    for (size_t q = 0; q < count_; ++q) results[q] = Finish(q);
    return results;
  }

 private:
  const float* Query(size_t q) const {
    return queries_.data() + q * scan_.rows.dimensions;
  }

  // Rows that lie behind each other are used where they are, others are copied
  // together.
  const float* BlockRows() {
    const size_t first = ordinals_.front();
    const bool contiguous = ordinals_.back() - first + 1 == ordinals_.size() &&
                            first / scan_.rows.chunk_rows ==
                                ordinals_.back() / scan_.rows.chunk_rows;
    if (contiguous) return scan_.rows.Row(first);
    gathered_.resize(ordinals_.size() * scan_.rows.dimensions);
    for (size_t i = 0; i < ordinals_.size(); ++i) {
      std::copy_n(scan_.rows.Row(ordinals_[i]), scan_.rows.dimensions,
                  gathered_.data() + i * scan_.rows.dimensions);
    }
    return gathered_.data();
  }

  void ScoreBlock() {
    if (ordinals_.empty()) return;
    const float* rows = BlockRows();
    const size_t k =
        std::min(ordinals_.size(), static_cast<size_t>(params_.k + kMargin));
    for (size_t q = 0; q < count_; q += kBlockQueries) {
      const size_t n = std::min(kBlockQueries, count_ - q);
      similarities_.resize(n * k);
      labels_.resize(n * k);
      faiss::float_minheap_array_t heaps{n, k, labels_.data(),
                                         similarities_.data()};
      faiss::knn_inner_product(Query(q), rows, scan_.rows.dimensions, n,
                               ordinals_.size(), &heaps);
      for (size_t i = 0; i < n; ++i) OfferCandidates(q + i, i * k, k, rows);
    }
    examined_ += ordinals_.size();
    ordinals_.clear();
  }

  // The candidates of query `q` stand at [at, at + k), best first.
  void OfferCandidates(size_t q, size_t at, size_t k, const float* rows) {
    if (k < ordinals_.size()) {
      unseen_[q] = std::max(unseen_[q], similarities_[at + k - 1]);
    }
    const float rounding = Rounding(q);
    for (size_t i = at; i < at + k; ++i) {
      // FAISS leaves out what is no number, or minus infinity.
      if (labels_[i] < 0) {
        unseen_[q] = std::numeric_limits<float>::infinity();
        break;
      }
      if (similarities_[i] + rounding < top_[q].bar()) break;
      const size_t row = static_cast<size_t>(labels_[i]);
      const float* address = rows + row * scan_.rows.dimensions;
      float similarity = 0;
      BestKernels().float32(Query(q), &address, 1, scan_.rows.dimensions,
                            &similarity);
      top_[q].Offer(ordinals_[row], similarity);
    }
  }

  // Two sums of the same d products differ by at most 2 d u |x||y| (Higham,
  // Accuracy and Stability of Numerical Algorithms, section 3.1), u = 2^-24.
  // Doubled for the terms of higher order.
  float Rounding(size_t q) const {
    const float norm =
        std::sqrt(faiss::fvec_norm_L2sqr(Query(q), scan_.rows.dimensions));
    return 2.0F * static_cast<float>(scan_.rows.dimensions) *
           std::numeric_limits<float>::epsilon() * norm * scan_.max_norm;
  }

  IndexSearchResult Finish(size_t q) {
    const bool all_seen = unseen_[q] == -std::numeric_limits<float>::infinity();
    // Written so that NaN fails.
    if (!all_seen && !(unseen_[q] + Rounding(q) < top_[q].bar())) {
      IndexSearchResult alone = SearchOne(scan_, Query(q), params_);
      alone.candidates_examined += examined_;
      return alone;
    }
    return {top_[q].Take(), examined_, true};
  }

  const FlatScan& scan_;
  const absl::Span<const float> queries_;
  const IndexSearchParams& params_;
  const size_t count_;
  std::vector<TopK> top_;
  std::vector<float> unseen_;
  uint64_t examined_ = 0;
  std::vector<size_t> ordinals_;  // Rows of the current block.
  std::vector<float> gathered_;
  std::vector<float> similarities_;
  std::vector<int64_t> labels_;
};

}  // namespace

std::vector<IndexSearchResult> SearchBatch(const FlatScan& scan,
                                           absl::Span<const float> queries,
                                           const IndexSearchParams& params) {
  return BatchSearcher(scan, queries, params).Run();
}

std::vector<IndexSearchResult> SearchRows(const FlatScan& scan,
                                          absl::Span<const float> queries,
                                          const IndexSearchParams& params) {
  const size_t width = scan.rows.dimensions;
  if (queries.size() / width >= kMinBatchQueries && params.k <= kMaxBatchK) {
    return SearchBatch(scan, queries, params);
  }
  std::vector<IndexSearchResult> results;
  for (size_t at = 0; at < queries.size(); at += width) {
    results.push_back(SearchOne(scan, &queries[at], params));
  }
  return results;
}

}  // namespace likeness
