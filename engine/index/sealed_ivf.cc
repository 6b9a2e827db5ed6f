#include "engine/index/sealed_ivf.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/index/coded_query.h"
#include "engine/index/list_scan.h"
#include "engine/index/node_answers.h"
#include "engine/index/search_plan.h"
#include "engine/index/top_k.h"

namespace likeness {
namespace {

// Time of an entry that is compared, in vectors scored in order: those of
// kFloat32 lie here and there.
double EntryTime(VectorCode code) {
  switch (code) {
    case VectorCode::kFloat32:
      return 1;
    case VectorCode::kBfloat16:
    case VectorCode::kFloat16:
      return 0.5;
    case VectorCode::kInt8:
      return 0.4;
  }
  return 1;
}

// One query of a search.
struct IvfQuery {
  const float* vector;
  const IndexSearchParams& params;
  const Bitmap& allowed;
  size_t allowed_rows;
  size_t nprobe;
};

class SealedIvf final : public SealedIndex {
 public:
  explicit SealedIvf(IvfParts parts) : parts_(std::move(parts)) {}

  int dimensions() const override {
    return static_cast<int>(parts_.rows.dimensions());
  }
  size_t size() const override { return parts_.rows.size(); }
  IndexBuildParams build_params() const override { return parts_.built; }
  size_t lists() const override { return parts_.lists.count(); }

  absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> queries, const IndexSearchParams& params,
      const Bitmap& allowed) const override {
    RETURN_IF_ERROR(ValidateSearchParams(params));
    const size_t width = parts_.rows.dimensions();
    RETURN_IF_ERROR(CheckWholeVectors("queries", queries.size(), width));
    const size_t allowed_rows = CountAllowed(allowed, size());
    const size_t nprobe = NprobeOf(params, allowed_rows);
    if (params.exact || PrefersExact(params, nprobe, allowed_rows)) {
      return SearchRows(parts_.rows.Scan(allowed), queries, params);
    }
    std::vector<IndexSearchResult> results;
    results.reserve(queries.size() / width);
    for (size_t at = 0; at < queries.size(); at += width) {
      results.push_back(
          SearchLists({&queries[at], params, allowed, allowed_rows, nprobe}));
    }
    return results;
  }

  bool ScoresAll(const IndexSearchParams& params,
                 const Bitmap& allowed) const override {
    if (params.exact) return true;
    const size_t allowed_rows = CountAllowed(allowed, size());
    return PrefersExact(params, NprobeOf(params, allowed_rows), allowed_rows);
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
    memory.links = parts_.numbers.size() + parts_.lists.bytes();
    memory.other = parts_.centroid_codes.size() + parts_.centroids.bytes() +
                   parts_.twins.bytes();
    return memory;
  }

 private:
  bool by_row() const { return parts_.built.code == VectorCode::kFloat32; }

  size_t NprobeOf(const IndexSearchParams& params, size_t allowed_rows) const {
    if (params.nprobe > 0) {
      return std::min(static_cast<size_t>(params.nprobe), lists());
    }
    return ToReach(params, EvenNeighbors(static_cast<size_t>(params.k), size(),
                                         allowed_rows));
  }

  // The lists that have so many neighbours, and a quarter more, for queries
  // that are not made of the index's rows lie a little further from the
  // centroids than those that are. All where so many were not measured.
  size_t ToReach(const IndexSearchParams& params, double neighbors) const {
    const auto effort =
        parts_.tuning.EffortFor(params.recall_target, neighbors);
    return effort.has_value() ? std::min(lists(), *effort + (*effort + 3) / 4)
                              : lists();
  }

  bool PrefersExact(const IndexSearchParams& params, size_t nprobe,
                    size_t allowed_rows) const {
    // What is left to do is the same, in another order.
    if (nprobe == lists() && by_row()) return true;
    return PrefersExactToLists(
        size(), allowed_rows,
        {.lists = lists(),
         .entries = parts_.lists.size() * nprobe / lists(),
         .entry_time = EntryTime(parts_.built.code),
         .rescored = by_row() ? 0 : Rescored(static_cast<size_t>(params.k))});
  }

  IndexSearchResult SearchLists(const IvfQuery& query) const {
    return WithScorerAndFilter(parts_, query,
                               [&](const auto& scorer, const auto& filter) {
                                 return Scan(query, scorer, filter);
                               });
  }

  template <typename Scorer, typename Filter>
  IndexSearchResult Scan(const IvfQuery& query, const Scorer& scorer,
                         const Filter& filter) const {
    // By codes, whose scale is their own: the minimum comes later.
    const auto k = static_cast<size_t>(query.params.k);
    ListScan<Scorer, Filter> scan(
        parts_.lists, scorer, by_row(), filter, k, by_row() ? k : Rescored(k),
        query.params.nprobe == 0 && ComparesHidden(size(), query.allowed_rows));
    const bool done = ScanFarEnough(query, scan);
    IndexSearchResult result;
    if (done) {
      result.neighbors = Answer(query, scan.found().Take());
    } else {
      result = SearchOne(parts_.rows.Scan(query.allowed), query.vector,
                         query.params);
    }
    result.candidates_examined += scan.compared();
    return result;
  }

  // Scans the lists that the query asks for, and on until it knows as many rows
  // as it rates; then, unless the caller said how many, as many more as it
  // takes when the filter turns out to hide what lies near the query. False
  // when scoring all that is allowed is what is left.
  template <typename Scorer, typename Filter>
  bool ScanFarEnough(const IvfQuery& query,
                     ListScan<Scorer, Filter>& scan) const {
    ListOrder order(parts_.centroids, query.vector);
    const size_t least = Rescored(static_cast<size_t>(query.params.k));
    size_t nprobe = query.nprobe;
    while (true) {
      while (order.has_next() &&
             (scan.scanned() < nprobe || scan.allowed() < least)) {
        scan.Add(order.Next());
      }
      scan.Finish();
      if (!Filter::kFilters || query.params.nprobe > 0) return true;
      nprobe = ToReach(query.params, NeighborsMet(query, scan));
      if (nprobe <= scan.scanned() || !order.has_next()) return true;
      if (PrefersExact(query.params, nprobe, query.allowed_rows)) return false;
    }
  }

  // The neighbours that the answer takes, by what a scan has seen.
  template <typename Scan>
  double NeighborsMet(const IvfQuery& query, const Scan& scan) const {
    return NeighborsPastHidden(
        NeighborsToPass(query.params.k, scan.AllowedShare()),
        static_cast<size_t>(query.params.k), size(), query.allowed_rows);
  }

  std::vector<Neighbor> Answer(const IvfQuery& query,
                               const std::vector<Neighbor>& found) const {
    const NodeAnswers answers(parts_.rows, parts_.twins, query.allowed);
    TopK top(query.params);
    if (by_row()) {
      for (const Neighbor& neighbor : found) {
        answers.Offer(static_cast<uint32_t>(neighbor.ordinal),
                      neighbor.similarity, top);
      }
      return top.Take();
    }
    std::vector<uint32_t> nodes;
    nodes.reserve(found.size());
    for (const Neighbor& neighbor : found) {
      nodes.push_back(static_cast<uint32_t>(neighbor.ordinal));
    }
    answers.Rescore(query.vector, nodes, top);
    return top.Take();
  }

  const IvfParts parts_;
};

}  // namespace

std::unique_ptr<SealedIndex> MakeSealedIvf(IvfParts parts) {
  return std::make_unique<SealedIvf>(std::move(parts));
}

}  // namespace likeness
