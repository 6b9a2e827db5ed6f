// The search over a graph: how it goes, apart from what it compares. Private to
// engine/index.
#ifndef LIKENESS_ENGINE_INDEX_HNSW_WALK_H_
#define LIKENESS_ENGINE_INDEX_HNSW_WALK_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/index/candidate_pool.h"
#include "engine/index/hnsw_descent.h"
#include "engine/index/hnsw_graph.h"
#include "engine/index/search_scratch.h"

namespace likeness {

// What a walk remembers, and when it gives up.
struct WalkLimits {
  size_t pool = 0;          // Candidates, the best of all that were seen.
  size_t kept = 0;          // Of a filtered walk: those that it allows.
  uint64_t max_scored = 0;  // Rows that may be scored.
};

// One walk: greedily down the levels, then, on level 0, expanding the best
// candidates. With a filter, what is not allowed is walked over all the same
// and counts for nothing.
//
// Scorer has Score and Prefetch as RowScorer; Filter is one of
// node_filter.h. Borrows everything.
template <typename Scorer, typename Filter>
class HnswWalk {
 public:
  HnswWalk(const HnswGraph& graph, const Scorer& scorer, const Filter& filter,
           SearchScratch& scratch)
      : graph_(graph), scorer_(scorer), filter_(filter), scratch_(scratch) {}

  // Down the levels, to begin with. `limits.pool` > 0, and, of a filtered walk,
  // `limits.kept`.
  void Start(const WalkLimits& limits) {
    max_scored_ = limits.max_scored;
    scratch_.visited.Clear();
    pool().Reset(limits.pool);
    if (Filter::kFilters) scratch_.allowed.Reset(limits.kept);
    HnswDescent<Scorer> descent(graph_, scorer_);
    batch_[0] = descent.Run();
    batch_size_ = 1;
    descent_scored_ = descent.scored();
    scored_ = descent_scored_;
    scratch_.visited.Insert(batch_[0]);
    ScoreBatch();
  }

  // Goes on until the best `ef` candidates are expanded, all that were seen if
  // there are fewer; `ef` is at most the pool's size. False when it would score
  // more than `max_scored` rows.
  bool Expand(size_t ef) {
    while (pool().HasNext(ef)) {
      const uint32_t node = pool().next().node;
      pool().Expand();
      pool().Advance();
      if (pool().HasNext(ef)) PrefetchLinks(pool().next().node);
      GatherUnvisited(node);
      ScoreBatch();
      if (scored_ > max_scored_) return false;
    }
    return true;
  }

  // Candidates that are remembered.
  size_t known() const { return scratch_.pool.size(); }
  // Rows scored.
  uint64_t scored() const { return scored_; }
  // Nodes that were reached.
  uint64_t reached() const { return scored_ - descent_scored_; }
  bool Reached(uint32_t node) const { return scratch_.visited.Has(node); }

  // The best nodes that the filter allows.
  const CandidatePool& found() const {
    return Filter::kFilters ? scratch_.allowed : scratch_.pool;
  }

  // Of a filtered walk: nodes reached, allowed or not, that are as good as the
  // `k`-th of found(), or all when it has fewer. nullopt when some of them are
  // forgotten.
  std::optional<size_t> Passed(size_t k) const {
    const CandidatePool& all = scratch_.pool;
    const bool has_all = all.size() == reached();
    if (found().size() < k) {
      return has_all ? std::optional(all.size()) : std::nullopt;
    }
    const float score = found()[k - 1].score;
    if (!has_all && all.worst() > score) return std::nullopt;
    return all.CountFrom(score);
  }

 private:
  static constexpr size_t kAhead =
      4;  // Rows asked for before the first is used.

  CandidatePool& pool() { return scratch_.pool; }

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
      pool().Offer(scores_[i], batch_[i]);
      if (!Filter::kFilters) continue;
      if (scratch_.allowed.Takes(scores_[i]) && filter_(batch_[i])) {
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
  uint64_t max_scored_ = 0;
  uint64_t scored_ = 0;
  uint64_t descent_scored_ = 0;  // Of them, on the way down.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_HNSW_WALK_H_
