#include "engine/index/sealed_hnsw.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

class SealedHnsw final : public SealedIndex {
 public:
  explicit SealedHnsw(HnswParts parts)
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
    if (params.exact || PrefersExact(size(), allowed_rows, ef)) {
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
    return PrefersExact(size(), allowed_rows, EfOf(params, allowed_rows));
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

 private:
  size_t EfOf(const IndexSearchParams& params, size_t allowed_rows) const {
    const auto least = static_cast<size_t>(params.k);
    if (params.ef_search > 0) {
      return std::max(static_cast<size_t>(params.ef_search), least);
    }
    const auto tuned = static_cast<size_t>(
        parts_.tuning.EfFor(params.recall_target, params.k));
    return std::max(FilteredEf(size(), allowed_rows, tuned), least);
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

  template <typename Filter>
  WalkLimits LimitsOf(const HnswQuery& query, size_t ef) const {
    const uint64_t expected = ExpectedWalk(size(), query.allowed_rows, ef);
    return {
        .ef = ef,
        .pool = std::min<size_t>(size(), std::max<size_t>(expected, ef)),
        .nodes = size() - parts_.twins.stored().size() / 2,
        .max_scored =
            Filter::kFilters ? LongestWalk(query.allowed_rows) : size(),
    };
  }

  // Walks; again, for more candidates, when the filter turns out to hide what
  // lies near the query, unless the caller said how many. False when scoring
  // all that is allowed is what is left.
  template <typename Scorer, typename Filter>
  bool WalkFarEnough(const HnswQuery& query, HnswWalk<Scorer, Filter>& walk,
                     uint64_t& scored) const {
    const bool done = walk.Run(LimitsOf<Filter>(query, query.ef));
    scored = walk.scored();
    const size_t allowed = query.allowed_rows;
    if (!Filter::kFilters || query.params.ef_search > 0 ||
        scored > LongestWalk(allowed)) {
      return done;
    }
    const size_t ef = EfPastHidden(size(), allowed, query.ef, walk.passed());
    if (ef == query.ef) return done;
    if (PrefersExact(size(), allowed, ef)) return false;
    const bool done_again = walk.Run(LimitsOf<Filter>(query, ef));
    scored += walk.scored();
    return done_again;
  }

  std::vector<Neighbor> Answer(const HnswQuery& query,
                               const CandidatePool& found) const {
    const NodeAnswers answers(parts_.rows, parts_.twins, query.allowed);
    const auto k = static_cast<size_t>(query.params.k);
    TopK top(query.params);
    if (parts_.built.code == VectorCode::kFloat32) {
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

std::unique_ptr<SealedIndex> MakeSealedHnsw(HnswParts parts) {
  return std::make_unique<SealedHnsw>(std::move(parts));
}

}  // namespace likeness
