// The search over a graph: how it goes, apart from what it compares. Private to
// engine/index.
#ifndef LIKENESS_ENGINE_INDEX_HNSW_WALK_H_
#define LIKENESS_ENGINE_INDEX_HNSW_WALK_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "engine/index/candidate_pool.h"
#include "engine/index/hnsw_descent.h"
#include "engine/index/hnsw_graph.h"
#include "engine/index/search_scratch.h"

namespace likeness {

// How far a walk goes.
struct WalkLimits {
  size_t ef = 0;            // Candidates kept.
  size_t pool = 0;          // Of a filtered walk: candidates of both kinds.
  size_t nodes = 0;         // That have links: all that there is to reach.
  uint64_t max_scored = 0;  // Rows that may be scored.
};

// One walk: greedily down the levels, then, on level 0, expanding the best
// candidate that is left until none could add to the best `ef`. With a filter,
// what is not allowed is walked over all the same and counts for nothing, so
// the walk goes on until it knows `ef` candidates that are allowed.
//
// Scorer has Score and Prefetch as RowScorer; Filter is one of
// node_filter.h. Borrows everything.
template <typename Scorer, typename Filter>
class HnswWalk {
 public:
  HnswWalk(const HnswGraph& graph, const Scorer& scorer, const Filter& filter,
           SearchScratch& scratch)
      : graph_(graph), scorer_(scorer), filter_(filter), scratch_(scratch) {}

  // Leaves the best `ef` nodes that the filter allows in found(). False when
  // found() is unfinished: the walk would score more than `max_scored` rows,
  // its pool ran out among what is not allowed, or it got stuck in a part of
  // the graph with fewer than `ef`.
  bool Run(const WalkLimits& limits) {
    scratch_.visited.Clear();
    pool().Reset(Filter::kFilters ? limits.pool : limits.ef);
    if (Filter::kFilters) scratch_.allowed.Reset(limits.ef);
    HnswDescent<Scorer> descent(graph_, scorer_);
    batch_[0] = descent.Run();
    batch_size_ = 1;
    scored_ = descent.scored();
    lost_ = -std::numeric_limits<float>::infinity();
    scratch_.visited.Insert(batch_[0]);
    ScoreBatch();
    while (pool().has_next() && !Hopeless(pool().next().score)) {
      const uint32_t node = pool().next().node;
      pool().Expand();
      pool().Advance();
      if (pool().has_next()) PrefetchLinks(pool().next().node);
      GatherUnvisited(node);
      ScoreBatch();
      if (scored_ > limits.max_scored) return false;
    }
    if (found().full()) return !Filter::kFilters || Hopeless(lost_);
    return scored_ - descent.scored() == limits.nodes;
  }

  const CandidatePool& found() const {
    return Filter::kFilters ? scratch_.allowed : scratch_.pool;
  }

  uint64_t scored() const { return scored_; }

  // Of a filtered walk: nodes seen, allowed or not, as good as all of found().
  size_t passed() const {
    return found().size() == 0 ? scratch_.pool.size()
                               : scratch_.pool.CountFrom(found().worst());
  }

 private:
  static constexpr size_t kAhead =
      4;  // Rows asked for before the first is used.

  CandidatePool& pool() { return scratch_.pool; }

  // True when nothing as bad as `score` leads to a candidate that counts.
  bool Hopeless(float score) const {
    return Filter::kFilters && scratch_.allowed.full() &&
           score < scratch_.allowed.worst();
  }

  void PrefetchLinks(uint32_t node) const {
    const uint32_t* links = graph_.Links(node).data();
    for (size_t i = 0; i < graph_.width; i += 16) {
      __builtin_prefetch(links + i);
    }
  }

  void GatherUnvisited(uint32_t node) {
    batch_size_ = 0;
    for (const uint32_t link : graph_.Links(node)) {
      if (link == kNoLink) break;
      if (!scratch_.visited.Insert(link)) continue;
      if (batch_size_ < kAhead) scorer_.Prefetch(link);
      batch_[batch_size_++] = link;
    }
  }

  void ScoreBatch() {
    if (batch_size_ == 0) return;
    scorer_.Score({batch_.data(), batch_size_}, scores_.data());
    scored_ += batch_size_;
    for (size_t i = 0; i < batch_size_; ++i) {
      if (Hopeless(scores_[i])) continue;
      if (Filter::kFilters && pool().full()) {
        lost_ = std::max(lost_, std::min(scores_[i], pool().worst()));
      }
      pool().Offer(scores_[i], batch_[i]);
      if (Filter::kFilters && filter_(batch_[i])) {
        scratch_.allowed.Offer(scores_[i], batch_[i]);
      }
    }
  }

  const HnswGraph& graph_;
  const Scorer& scorer_;
  const Filter& filter_;
  SearchScratch& scratch_;
  // The nodes that are scored next, and their scores.
  std::array<uint32_t, kMaxLinks> batch_;
  std::array<float, kMaxLinks> scores_;
  size_t batch_size_ = 0;
  uint64_t scored_ = 0;
  float lost_ = 0;  // The best that fell out of the pool of a filtered walk.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_HNSW_WALK_H_
