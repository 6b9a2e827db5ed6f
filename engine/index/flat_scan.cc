#include "engine/index/flat_scan.h"

#include <array>

#include "engine/index/kernels.h"
#include "engine/index/top_k.h"

namespace likeness {
namespace {

// Gathers allowed rows until there are enough for the kernel to be busy with.
class RowScan {
 public:
  RowScan(const RowTable& rows, const float* query, TopK& top)
      : rows_(rows), query_(query), top_(top) {}

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
    for (size_t i = 0; i < count_; ++i) {
      top_.Offer(ordinals_[i], similarities[i]);
    }
    count_ = 0;
  }

 private:
  static constexpr size_t kRows = 256;

  const RowTable& rows_;
  const float* const query_;
  TopK& top_;
  size_t count_ = 0;
  std::array<size_t, kRows> ordinals_;
  std::array<const float*, kRows> addresses_;
};

}  // namespace

IndexSearchResult SearchOne(const FlatScan& scan, const float* query,
                            const IndexSearchParams& params) {
  TopK top(params);
  RowScan rows(scan.rows, query, top);
  IndexSearchResult result;
  ForEachRun(scan.allowed, scan.limit, [&](size_t first, size_t count) {
    for (size_t i = 0; i < count; ++i) rows.Add(first + i);
    result.candidates_examined += count;
  });
  rows.Score();
  result.neighbors = top.Take();
  result.exact = true;
  return result;
}

}  // namespace likeness
