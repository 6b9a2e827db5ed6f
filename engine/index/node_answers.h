// From nodes that a search found to the rows of its answer. Private to
// engine/index.
#ifndef LIKENESS_ENGINE_INDEX_NODE_ANSWERS_H_
#define LIKENESS_ENGINE_INDEX_NODE_ANSWERS_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/index/sealed_flat.h"
#include "engine/index/top_k.h"
#include "engine/index/twins.h"

namespace likeness {

// Candidates of a search over codes that are scored with the vectors: beyond k,
// those that the codes' rounding may have pushed back.
inline size_t Rescored(size_t k) { return 2 * k + 20; }

// Bits of `allowed` that are set below `rows`.
size_t CountAllowed(const Bitmap& allowed, size_t rows);

// A node of a graph, or an entry of a list, is a row that is no twin of an
// earlier one; its twins come along. Borrows everything.
class NodeAnswers {
 public:
  NodeAnswers(const SealedRows& rows, const Twins& twins, const Bitmap& allowed)
      : rows_(rows), twins_(twins), allowed_(allowed) {}

  // Whether the answer may have the node's row, or one of its twins.
  bool AllowsAny(uint32_t node) const {
    return twins_.AnyOf(node, [this](uint32_t row) { return Allows(row); });
  }

  // Offers those of the node's rows that are allowed.
  void Offer(uint32_t node, float similarity, TopK& top) const {
    twins_.AnyOf(node, [&](uint32_t row) {
      if (Allows(row)) top.Offer(row, similarity);
      return false;
    });
  }

  // The same for many nodes, with the similarity of their vectors to `query`.
  void Rescore(const float* query, absl::Span<const uint32_t> nodes,
               TopK& top) const;

 private:
  bool Allows(uint32_t row) const {
    return row < allowed_.size() && allowed_.Test(row);
  }

  const SealedRows& rows_;
  const Twins& twins_;
  const Bitmap& allowed_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_NODE_ANSWERS_H_
