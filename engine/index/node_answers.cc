#include "engine/index/node_answers.h"

#include <algorithm>
#include <array>

#include "engine/index/hnsw_graph.h"
#include "engine/index/kernels.h"

namespace likeness {

size_t CountAllowed(const Bitmap& allowed, size_t rows) {
  const size_t count = allowed.Count();
  size_t behind = 0;
  for (size_t i = rows; i < allowed.size(); ++i) {
    if (allowed.Test(i)) ++behind;
  }
  return count - behind;
}

void NodeAnswers::Rescore(const float* query, absl::Span<const uint32_t> nodes,
                          TopK& top) const {
  std::array<const float*, kMaxLinks> rows;
  std::array<float, kMaxLinks> similarities;
  for (size_t begin = 0; begin < nodes.size(); begin += kMaxLinks) {
    const auto block = nodes.subspan(begin, kMaxLinks);
    for (size_t i = 0; i < block.size(); ++i) rows[i] = rows_.Row(block[i]);
    BestKernels().float32(query, rows.data(), block.size(), rows_.dimensions(),
                          similarities.data());
    for (size_t i = 0; i < block.size(); ++i) {
      Offer(block[i], similarities[i], top);
    }
  }
}

}  // namespace likeness
