#include "engine/index/sealed_flat.h"

#include <algorithm>
#include <vector>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

class SealedFlat final : public SealedIndex {
 public:
  explicit SealedFlat(SealedRows rows) : rows_(std::move(rows)) {}

  int dimensions() const override {
    return static_cast<int>(rows_.dimensions());
  }
  size_t size() const override { return rows_.size(); }
  IndexBuildParams build_params() const override {
    return {.kind = IndexKind::kFlat};
  }

  absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> queries, const IndexSearchParams& params,
      const Bitmap& allowed) const override {
    RETURN_IF_ERROR(ValidateSearchParams(params));
    RETURN_IF_ERROR(
        CheckWholeVectors("queries", queries.size(), rows_.dimensions()));
    return SearchRows(rows_.Scan(allowed), queries, params);
  }

  bool ScoresAll(const IndexSearchParams& /*params*/,
                 const Bitmap& /*allowed*/) const override {
    return true;
  }

  void Score(absl::Span<const float> query, const Bitmap& allowed,
             const ScoreVisitor& visit) const override {
    ScoreRows(rows_.Scan(allowed), query.data(), visit);
  }

  void Reconstruct(size_t ordinal, absl::Span<float> out) const override {
    std::copy_n(rows_.Row(ordinal), rows_.dimensions(), out.begin());
  }

  IndexMemory memory() const override {
    if (rows_.mapped()) return {.mapped = rows_.bytes()};
    return {.rows = rows_.bytes()};
  }

 private:
  const SealedRows rows_;
};

}  // namespace

FlatScan SealedRows::Scan(const Bitmap& allowed) const {
  const size_t rows = size();
  // One chunk, of a size that runs of 64 rows never cross.
  const RowTable table{&data_, (rows / 64 + 1) * 64, dimensions_};
  return {table, allowed, std::min(allowed.size(), rows), max_norm_};
}

std::unique_ptr<SealedIndex> MakeSealedFlat(SealedRows rows) {
  return std::make_unique<SealedFlat>(std::move(rows));
}

}  // namespace likeness
