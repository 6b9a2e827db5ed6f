// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_HNSW_DESCENT_H_
#define LIKENESS_ENGINE_INDEX_HNSW_DESCENT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "engine/index/hnsw_graph.h"

namespace likeness {

// The way down the levels of a graph, on each to the node that is better than
// all that it is linked with. Scorer has Score as RowScorer. Borrows
// everything.
template <typename Scorer>
class HnswDescent {
 public:
  HnswDescent(const HnswGraph& graph, const Scorer& scorer)
      : graph_(graph), scorer_(scorer) {}

  // The node of level 0 at which it ends.
  uint32_t Run() {
    uint32_t slot = graph_.entry;
    for (size_t i = graph_.levels.size(); i-- > 0;) {
      const HnswGraph::Level& level = graph_.levels[i];
      while (Improve(level, slot)) {
      }
      slot = level.below[slot];
    }
    return slot;
  }

  uint64_t scored() const { return scored_; }

 private:
  // Moves to the best of the nodes linked with if it is better than all so far.
  bool Improve(const HnswGraph::Level& level, uint32_t& slot) {
    const auto links = level.links.subspan(size_t{slot} * graph_.m, graph_.m);
    std::array<uint32_t, kMaxLinks> nodes;
    size_t count = 0;
    while (count < links.size() && links[count] != kNoLink) {
      nodes[count] = level.nodes[links[count]];
      ++count;
    }
    if (count == 0) return false;
    std::array<float, kMaxLinks> scores;
    scorer_.Score({nodes.data(), count}, scores.data());
    scored_ += count;
    bool moved = false;
    for (size_t i = 0; i < count; ++i) {
      if (scores[i] <= best_) continue;
      best_ = scores[i];
      slot = links[i];
      moved = true;
    }
    return moved;
  }

  const HnswGraph& graph_;
  const Scorer& scorer_;
  float best_ = -std::numeric_limits<float>::infinity();
  uint64_t scored_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_HNSW_DESCENT_H_
