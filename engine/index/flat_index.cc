#include "engine/index/flat_index.h"

#include <faiss/Index.h>
#include <faiss/utils/distances.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/index/chunked_rows.h"
#include "engine/index/flat_scan.h"

namespace likeness {
namespace {

constexpr int kMaxDimensions = 4096;
constexpr size_t kMaxChunkRows = 16384;
constexpr size_t kMaxChunkBytes = 16 << 20;

size_t ChunkRows(size_t dimensions) {
  return std::min(kMaxChunkRows, std::bit_floor(kMaxChunkBytes /
                                                (sizeof(float) * dimensions)));
}

class FlatIndex final : public GrowingIndex {
 public:
  explicit FlatIndex(int dimensions)
      : dimensions_(static_cast<size_t>(dimensions)),
        rows_(dimensions_, ChunkRows(dimensions_)) {}

  int dimensions() const override { return static_cast<int>(dimensions_); }
  size_t size() const override { return rows_.size(); }

  absl::Status Add(absl::Span<const float> vectors) override {
    RETURN_IF_ERROR(CheckWholeVectors("vectors", vectors.size(), dimensions_));
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
    RETURN_IF_ERROR(CheckWholeVectors("queries", queries.size(), dimensions_));
    return SearchRows(Scan(allowed), queries, params);
  }

  bool ScoresAll(const IndexSearchParams& /*params*/,
                 const Bitmap& /*allowed*/) const override {
    return true;
  }

  void Score(absl::Span<const float> query, const Bitmap& allowed,
             const ScoreVisitor& visit) const override {
    ScoreRows(Scan(allowed), query.data(), visit);
  }

  void Reconstruct(size_t ordinal, absl::Span<float> out) const override {
    std::copy_n(rows_.Row(ordinal), dimensions_, out.begin());
  }

  IndexMemory memory() const override {
    const size_t chunk = rows_.chunk_rows();
    const size_t chunks = (rows_.size() + chunk - 1) / chunk;
    return {.rows = chunks * chunk * dimensions_ * sizeof(float)};
  }

 private:
  FlatScan Scan(const Bitmap& allowed) const {
    // In this order: a table that is read before may lack rows that were added
    // since.
    const size_t limit = std::min(allowed.size(), rows_.size());
    const RowTable table{rows_.chunks(), rows_.chunk_rows(), dimensions_};
    return {table, allowed, limit, max_norm_.load(std::memory_order_relaxed)};
  }

  const size_t dimensions_;
  std::atomic<float> max_norm_{0};
  ChunkedRows<float> rows_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrowingIndex>> MakeFlatIndex(int dimensions) {
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
