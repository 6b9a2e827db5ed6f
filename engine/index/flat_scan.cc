#include "engine/index/flat_scan.h"

#include <array>

#include "engine/index/kernels.h"
#include "engine/index/top_k.h"

namespace likeness {
namespace {

// Gathers allowed rows until there are enough for the kernel to be busy with.
// Calls take(ordinals, similarities) with each lot of them.
template <typename Take>
class RowScan {
 public:
  RowScan(const RowTable& rows, const float* query, const Take& take)
      : rows_(rows), query_(query), take_(take) {}

  void Add(size_t ordinal) {
    ordinals_[count_] = ordinal;
    addresses_[count_] = rows_.Row(ordinal);
    if (++count_ == kRows) Score();
  }

  void Score() {
    if (count_ == 0) return;
    std::array<float, kRows> similarities;
    BestKernels().float32(query_, addresses_.data(), count_, rows_.dimensions,
                          similarities.data());
    take_(absl::MakeConstSpan(ordinals_.data(), count_),
          absl::MakeConstSpan(similarities.data(), count_));
    count_ = 0;
  }

 private:
  static constexpr size_t kRows = 256;

  const RowTable& rows_;
  const float* const query_;
  const Take& take_;
  size_t count_ = 0;
  std::array<size_t, kRows> ordinals_;
  std::array<const float*, kRows> addresses_;
};

// Rows that were scored.
template <typename Take>
uint64_t ScanRows(const FlatScan& scan, const float* query, const Take& take) {
  RowScan<Take> rows(scan.rows, query, take);
  uint64_t scored = 0;
  ForEachRun(scan.allowed, scan.limit, [&](size_t first, size_t count) {
    for (size_t i = 0; i < count; ++i) rows.Add(first + i);
    scored += count;
  });
  rows.Score();
  return scored;
}

}  // namespace

void ScoreRows(const FlatScan& scan, const float* query,
               const ScoreVisitor& visit) {
  ScanRows(scan, query, visit);
}

IndexSearchResult SearchOne(const FlatScan& scan, const float* query,
                            const IndexSearchParams& params) {
  TopK top(params);
  IndexSearchResult result;
  result.candidates_examined =
      ScanRows(scan, query,
               [&top](absl::Span<const size_t> ordinals,
                      absl::Span<const float> similarities) {
                 for (size_t i = 0; i < ordinals.size(); ++i) {
                   top.Offer(ordinals[i], similarities[i]);
                 }
               });
  result.neighbors = top.Take();
  result.exact = true;
  return result;
}

}  // namespace likeness
