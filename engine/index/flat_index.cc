#include "engine/index/flat_index.h"

#include <faiss/Index.h>
#include <faiss/utils/distances.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/index/chunked_rows.h"
#include "engine/index/flat_scan.h"
#include "engine/index/top_k.h"

namespace likeness {
namespace {

constexpr int kMaxDimensions = 4096;
constexpr size_t kMaxChunkRows = 16384;
constexpr size_t kMaxChunkBytes = 16 << 20;

// FAISS has kernels of their own for a few widths below this that add up rows
// of one call differently, so that equal vectors get unequal similarities. Row
// by row they don't.
constexpr size_t kMinRunDimensions = 16;

size_t ChunkRows(size_t dimensions) {
  return std::min(kMaxChunkRows, std::bit_floor(kMaxChunkBytes /
                                                (sizeof(float) * dimensions)));
}

class FlatIndex final : public VectorIndex {
 public:
  explicit FlatIndex(int dimensions)
      : dimensions_(static_cast<size_t>(dimensions)),
        rows_(dimensions_, ChunkRows(dimensions_)) {}

  int dimensions() const override { return static_cast<int>(dimensions_); }
  size_t size() const override { return rows_.size(); }

  absl::Status Add(absl::Span<const float> vectors) override {
    RETURN_IF_ERROR(CheckMultiple("vectors", vectors.size()));
    float norm = max_norm_.load(std::memory_order_relaxed);
    for (size_t at = 0; at < vectors.size(); at += dimensions_) {
      norm = std::max(
          norm, std::sqrt(faiss::fvec_norm_L2sqr(&vectors[at], dimensions_)));
    }
    // Before the rows: whoever sees them sees this.
    max_norm_.store(norm, std::memory_order_relaxed);
    return rows_.Append(vectors);
  }

  absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> queries, const IndexSearchParams& params,
      const Bitmap& allowed) const override {
    RETURN_IF_ERROR(ValidateSearchParams(params));
    RETURN_IF_ERROR(CheckMultiple("queries", queries.size()));
    const size_t limit = std::min(allowed.size(), rows_.size());
    const FlatScan scan{rows_, allowed, limit, dimensions_,
                        max_norm_.load(std::memory_order_relaxed)};
    if (PrefersBatch(queries.size() / dimensions_, params)) {
      return SearchBatch(scan, queries, params);
    }
    std::vector<IndexSearchResult> results;
    for (size_t at = 0; at < queries.size(); at += dimensions_) {
      results.push_back(SearchOne(scan, &queries[at], params));
    }
    return results;
  }

  void Reconstruct(size_t ordinal, absl::Span<float> out) const override {
    std::copy_n(rows_.Row(ordinal), dimensions_, out.begin());
  }

 private:
  absl::Status CheckMultiple(absl::string_view name, size_t size) const {
    if (size % dimensions_ == 0) return absl::OkStatus();
    return InvalidField(
        name,
        absl::StrCat("has ", size, " values, not a multiple of ", dimensions_));
  }

  const size_t dimensions_;
  std::atomic<float> max_norm_{0};
  ChunkedRows<float> rows_;
};

}  // namespace

IndexSearchResult SearchOne(const FlatScan& scan, const float* query,
                            const IndexSearchParams& params) {
  TopK top(params);
  IndexSearchResult result;
  std::array<float, 64> similarities;
  ForEachRun(scan.allowed, scan.limit, [&](size_t first, size_t count) {
    const float* rows = scan.rows.Row(first);
    if (scan.dimensions < kMinRunDimensions) {
      for (size_t i = 0; i < count; ++i) {
        similarities[i] = faiss::fvec_inner_product(
            query, rows + i * scan.dimensions, scan.dimensions);
      }
    } else {
      faiss::fvec_inner_products_ny(similarities.data(), query, rows,
                                    scan.dimensions, count);
    }
    result.candidates_examined += count;
    for (size_t i = 0; i < count; ++i) top.Offer(first + i, similarities[i]);
  });
  result.neighbors = top.Take();
  result.exact = true;
  return result;
}

absl::StatusOr<std::unique_ptr<VectorIndex>> MakeFlatIndex(int dimensions) {
  if (dimensions < 1 || dimensions > kMaxDimensions) {
    return InvalidField(
        "dimensions",
        absl::StrCat("is ", dimensions, ", must be 1 to ", kMaxDimensions));
  }
  return std::make_unique<FlatIndex>(dimensions);
}

std::string FaissVersion() {
  return absl::StrCat(FAISS_VERSION_MAJOR, ".", FAISS_VERSION_MINOR, ".",
                      FAISS_VERSION_PATCH);
}

}  // namespace likeness
