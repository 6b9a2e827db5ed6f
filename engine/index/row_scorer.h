// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_ROW_SCORER_H_
#define LIKENESS_ENGINE_INDEX_ROW_SCORER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "engine/index/hnsw_graph.h"
#include "engine/index/kernels.h"

namespace likeness {

// Compares a query with rows of one form that lie behind each other.
template <typename Query, typename Row>
class RowScorer {
 public:
  // Rows of `width` elements.
  RowScorer(Kernel<Query, Row> kernel, const Query* query, const Row* rows,
            size_t width)
      : kernel_(kernel), query_(query), rows_(rows), width_(width) {}

  // At most kMaxLinks nodes.
  void Score(absl::Span<const uint32_t> nodes, float* scores) const {
    std::array<const Row*, kMaxLinks> addresses;
    for (size_t i = 0; i < nodes.size(); ++i) addresses[i] = Address(nodes[i]);
    kernel_(query_, addresses.data(), nodes.size(), width_, scores);
  }

  void Prefetch(uint32_t node) const {
    const auto* bytes = reinterpret_cast<const char*>(Address(node));
    for (size_t at = 0; at < width_ * sizeof(Row); at += 64) {
      __builtin_prefetch(bytes + at);
    }
  }

 private:
  const Row* Address(uint32_t node) const {
    return rows_ + size_t{node} * width_;
  }

  const Kernel<Query, Row> kernel_;
  const Query* const query_;
  const Row* const rows_;
  const size_t width_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_ROW_SCORER_H_
