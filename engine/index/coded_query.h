// A query in the form that the rows of an index are compared in. Private to
// engine/index.
#ifndef LIKENESS_ENGINE_INDEX_CODED_QUERY_H_
#define LIKENESS_ENGINE_INDEX_CODED_QUERY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "absl/types/span.h"
#include "engine/core/index_options.h"
#include "engine/index/kernels.h"
#include "engine/index/memory_region.h"
#include "engine/index/node_answers.h"
#include "engine/index/node_filter.h"
#include "engine/index/row_scorer.h"
#include "engine/index/sealed_flat.h"
#include "engine/index/vector_code.h"
#include "engine/index/vector_index.h"

namespace likeness {

// Returns search(scorer) with a RowScorer of `query` and the codes, or, for
// kFloat32, the rows.
template <typename Search>
std::invoke_result_t<const Search&, RowScorer<float, float>> WithScorer(
    VectorCode code, const float* query, const SealedRows& rows,
    const MemoryRegion& codes, const Search& search) {
  const Kernels& kernels = BestKernels();
  const size_t width = rows.dimensions();
  switch (code) {
    case VectorCode::kFloat32:
      return search(
          RowScorer<float, float>(kernels.float32, query, rows.data(), width));
    case VectorCode::kInt8: {
      std::vector<int8_t> coded(Int8CodeWidth(width));
      const absl::Span<const float> values(query, width);
      EncodeInt8(values, Int8Step(values), absl::MakeSpan(coded));
      return search(RowScorer<int8_t, int8_t>(
          kernels.int8, coded.data(), codes.As<int8_t>().data(), coded.size()));
    }
    case VectorCode::kBfloat16:
    case VectorCode::kFloat16: {
      std::vector<float> padded(TwoByteCodeWidth(width));
      std::copy_n(query, width, padded.begin());
      return search(RowScorer<float, uint16_t>(
          code == VectorCode::kFloat16 ? kernels.float16 : kernels.bfloat16,
          padded.data(), codes.As<uint16_t>().data(), padded.size()));
    }
  }
  return {};
}

// Returns search(scorer, filter) with the same for `parts`, those of an index
// of nodes or entries, and with one of node_filter.h: which of them may be in
// the answer of `query`.
template <typename Parts, typename Query, typename Search>
IndexSearchResult WithScorerAndFilter(const Parts& parts, const Query& query,
                                      const Search& search) {
  return WithScorer(
      parts.built.code, query.vector, parts.rows, parts.codes,
      [&](const auto& scorer) {
        if (query.allowed_rows == parts.rows.size()) {
          return search(scorer, AllNodes());
        }
        const NodeAnswers answers(parts.rows, parts.twins, query.allowed);
        const auto allows = [&answers](uint32_t node) {
          return answers.AllowsAny(node);
        };
        return search(scorer, SomeNodes<decltype(allows)>{allows});
      });
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_CODED_QUERY_H_
