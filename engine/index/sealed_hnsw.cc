#include "engine/index/sealed_hnsw.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/index/coded_query.h"
#include "engine/index/hnsw_walk.h"
#include "engine/index/node_answers.h"
#include "engine/index/search_plan.h"
#include "engine/index/search_scratch.h"
#include "engine/index/top_k.h"

namespace likeness {
namespace {

// One query of a search.
struct HnswQuery {
  const float* vector;
  const IndexSearchParams& params;
  const Bitmap& allowed;
  size_t allowed_rows;
  size_t ef;
};

class WalkedHnsw final : public SealedHnsw {
 public:
  explicit WalkedHnsw(HnswParts parts)
      : parts_(std::move(parts)), scratches_(parts_.rows.size()) {}

  int dimensions() const override {
    return static_cast<int>(parts_.rows.dimensions());
  }
  size_t size() const override { return parts_.rows.size(); }
  IndexBuildParams build_params() const override { return parts_.built; }

  absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> queries, const IndexSearchParams& params,
      const Bitmap& allowed) const override {
    RETURN_IF_ERROR(ValidateSearchParams(params));
    const size_t width = parts_.rows.dimensions();
    RETURN_IF_ERROR(CheckWholeVectors("queries", queries.size(), width));
    const size_t allowed_rows = CountAllowed(allowed, size());
    const size_t ef = EfOf(params, allowed_rows);
    if (params.exact || PrefersExact(allowed_rows, ef)) {
      return SearchRows(parts_.rows.Scan(allowed), queries, params);
    }
    std::vector<IndexSearchResult> results;
    results.reserve(queries.size() / width);
    for (size_t at = 0; at < queries.size(); at += width) {
      results.push_back(
          SearchGraph({&queries[at], params, allowed, allowed_rows, ef}));
    }
    return results;
  }

  bool ScoresAll(const IndexSearchParams& params,
                 const Bitmap& allowed) const override {
    if (params.exact) return true;
    const size_t allowed_rows = CountAllowed(allowed, size());
    return PrefersExact(allowed_rows, EfOf(params, allowed_rows));
  }

  void Score(absl::Span<const float> query, const Bitmap& allowed,
             const ScoreVisitor& visit) const override {
    ScoreRows(parts_.rows.Scan(allowed), query.data(), visit);
  }

  void Reconstruct(size_t ordinal, absl::Span<float> out) const override {
    std::copy_n(parts_.rows.Row(ordinal), out.size(), out.begin());
  }

  IndexMemory memory() const override {
    IndexMemory memory;
    (parts_.rows.mapped() ? memory.mapped : memory.rows) = parts_.rows.bytes();
    memory.codes = parts_.codes.size();
    memory.links = parts_.links.size() + parts_.levels.size();
    memory.other = parts_.twins.bytes();
    return memory;
  }

  std::vector<uint32_t> EffortsToReach(
      const float* query, absl::Span<const Neighbor> rows) const override {
    return WithScorer(
        parts_.built.code, query, parts_.rows, parts_.codes,
        [&](const auto& scorer) { return WalkUntilReached(scorer, rows); });
  }

 private:
  bool by_row() const { return parts_.built.code == VectorCode::kFloat32; }
  // Rows that are no twins of earlier ones.
  size_t nodes() const { return size() - parts_.twins.count(); }

  // Of what is allowed, so much must be known when a walk ends: the answer, or
  // the candidates that the caller asks for.
  static size_t GoalOf(const IndexSearchParams& params) {
    return static_cast<size_t>(std::max(params.k, params.ef_search));
  }

  // The candidates to begin with, allowed or not.
  size_t EfOf(const IndexSearchParams& params, size_t allowed_rows) const {
    const size_t goal = GoalOf(params);
    if (params.ef_search == 0 && allowed_rows == size()) {
      return std::max(goal, static_cast<size_t>(parts_.tuning.EfFor(
                                params.recall_target, params.k)));
    }
    const double even = EvenNeighbors(goal, size(), allowed_rows);
    if (params.ef_search == 0) return EfToReach(params, even).value_or(size());
    return static_cast<size_t>(std::min(even, static_cast<double>(size())));
  }

  // Those that come upon so many neighbours; nullopt: more than were measured.
  std::optional<size_t> EfToReach(const IndexSearchParams& params,
                                  double neighbors) const {
    if (!parts_.reach.points().empty()) {
      return parts_.reach.EffortFor(params.recall_target, neighbors);
    }
    // Files of older versions; a walk comes upon more than it expands.
    if (neighbors > static_cast<double>(kMostReach)) return std::nullopt;
    return static_cast<size_t>(
        parts_.tuning.EfFor(params.recall_target, static_cast<int>(neighbors)));
  }

  IndexSearchResult SearchGraph(const HnswQuery& query) const {
    return WithScorerAndFilter(parts_, query,
                               [&](const auto& scorer, const auto& filter) {
                                 return Walk(query, scorer, filter);
                               });
  }

  template <typename Scorer, typename Filter>
  IndexSearchResult Walk(const HnswQuery& query, const Scorer& scorer,
                         const Filter& filter) const {
    const ScratchPool::Lease scratch(scratches_);
    HnswWalk<Scorer, Filter> walk(parts_.graph, scorer, filter, *scratch);
    uint64_t scored = 0;
    // A walk that goes on longer than a scan, or ends too early, ends in one.
    if (!WalkFarEnough(query, walk, scored)) {
      IndexSearchResult result = SearchOne(parts_.rows.Scan(query.allowed),
                                           query.vector, query.params);
      result.candidates_examined += scored;
      return result;
    }
    IndexSearchResult result;
    result.candidates_examined = scored;
    result.neighbors = Answer(query, walk.found());
    return result;
  }

  // Walks; with a filter, again with a longer memory when it has forgotten too
  // much of what is not allowed. False when scoring all that is allowed is what
  // is left.
  template <typename Scorer, typename Filter>
  bool WalkFarEnough(const HnswQuery& query, HnswWalk<Scorer, Filter>& walk,
                     uint64_t& scored) const {
    if (!Filter::kFilters) {
      walk.Start({.pool = query.ef, .max_scored = size()});
      const bool done = walk.Expand(query.ef);
      scored = walk.scored();
      return done && (walk.known() == query.ef || walk.reached() == nodes());
    }
    const auto k = static_cast<size_t>(query.params.k);
    const uint64_t longest = LongestWalk(query.allowed_rows);
    size_t pool = 2 * std::max(query.ef, static_cast<size_t>(EvenOf(query)));
    while (true) {
      pool = std::min(pool, size());
      walk.Start(
          {.pool = pool,
           .kept = std::max(GoalOf(query.params), by_row() ? k : Rescored(k)),
           .max_scored = longest - std::min(longest, scored)});
      const Walked walked = WalkPast(query, walk, pool);
      scored += walk.scored();
      if (walked != Walked::kForgotTooMuch) return walked == Walked::kFarEnough;
      pool *= 4;
    }
  }

  double EvenOf(const HnswQuery& query) const {
    return EvenNeighbors(GoalOf(query.params), size(), query.allowed_rows);
  }

  enum class Walked { kFarEnough, kForgotTooMuch, kTooFar };

  // Walks on as long as what it passes says that the answer lies further away.
  template <typename Scorer, typename Filter>
  Walked WalkPast(const HnswQuery& query, HnswWalk<Scorer, Filter>& walk,
                  size_t pool) const {
    size_t ef = query.ef;
    while (true) {
      if (ef > pool) return Walked::kForgotTooMuch;
      if (!walk.Expand(ef)) return Walked::kTooFar;
      if (walk.known() < ef) {  // There is nothing left to expand.
        return walk.reached() == nodes() ? Walked::kFarEnough : Walked::kTooFar;
      }
      const auto passed = walk.Passed(GoalOf(query.params));
      if (!passed.has_value()) return Walked::kForgotTooMuch;
      const auto next = EfToPass(query, walk.found().size(), *passed);
      if (!next.has_value()) return Walked::kTooFar;
      if (*next <= ef) return Walked::kFarEnough;
      ef = std::min(*next, size());
    }
  }

  // The candidates that it takes when a walk that passed so many nodes found so
  // many that are allowed, all of its goal or less.
  std::optional<size_t> EfToPass(const HnswQuery& query, size_t found,
                                 size_t passed) const {
    const size_t goal = GoalOf(query.params);
    if (query.params.ef_search > 0) return found < goal ? 2 * passed : passed;
    auto met = static_cast<double>(passed);
    if (found < goal) {  // Half a row is what none says of the next.
      met = NeighborsToPass(static_cast<double>(goal),
                            std::max(static_cast<double>(found), 0.5) / met);
    }
    return EfToReach(query.params, NeighborsPastHidden(met, goal, size(),
                                                       query.allowed_rows));
  }

  template <typename Scorer>
  std::vector<uint32_t> WalkUntilReached(
      const Scorer& scorer, absl::Span<const Neighbor> rows) const {
    const ScratchPool::Lease scratch(scratches_);
    const AllNodes all;
    HnswWalk<Scorer, AllNodes> walk(parts_.graph, scorer, all, *scratch);
    walk.Start({.pool = kMostReach, .max_scored = LongestWalk(size())});
    std::vector<uint32_t> efforts(rows.size(), kNeverReached);
    std::vector<size_t> missing(rows.size());
    std::iota(missing.begin(), missing.end(), size_t{0});
    for (size_t ef = kLeastReach;; ef = std::min(kMostReach, NextEffort(ef))) {
      if (!walk.Expand(ef)) break;
      std::erase_if(missing, [&](size_t i) {
        const auto node = static_cast<uint32_t>(rows[i].ordinal);
        if (!walk.Reached(node)) return false;
        efforts[i] = static_cast<uint32_t>(ef);
        return true;
      });
      if (missing.empty() || walk.known() < ef || ef == kMostReach) break;
    }
    return efforts;
  }

  std::vector<Neighbor> Answer(const HnswQuery& query,
                               const CandidatePool& found) const {
    const NodeAnswers answers(parts_.rows, parts_.twins, query.allowed);
    const auto k = static_cast<size_t>(query.params.k);
    TopK top(query.params);
    if (by_row()) {
      for (size_t i = 0; i < std::min(found.size(), k); ++i) {
        answers.Offer(found[i].node, found[i].score, top);
      }
      return top.Take();
    }
    std::vector<uint32_t> nodes(std::min(found.size(), Rescored(k)));
    for (size_t i = 0; i < nodes.size(); ++i) nodes[i] = found[i].node;
    answers.Rescore(query.vector, nodes, top);
    return top.Take();
  }

  const HnswParts parts_;
  mutable ScratchPool scratches_;
};

}  // namespace

std::unique_ptr<SealedHnsw> MakeSealedHnsw(HnswParts parts) {
  return std::make_unique<WalkedHnsw>(std::move(parts));
}

}  // namespace likeness
