#include "engine/collection/deep_search.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine/collection/best_of_groups.h"
#include "engine/collection/group_ids.h"
#include "engine/collection/search_query.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// Lists that a graph is asked for before its rows are scored.
constexpr int kMaxLists = 4;

// Beyond what must be found: vectors at the border that rounding may swap.
constexpr size_t kMargin = 16;

class DeepSearch {
 public:
  DeepSearch(const View& view, const SearchRequest& request,
             absl::Span<const std::vector<float>> queries,
             const SearchScope& scope, SearchResult& result)
      : view_(view),
        request_(request),
        queries_(queries),
        scope_(scope),
        result_(result),
        rounding_(ScoreRounding(queries.front().size())),
        rater_(view, request.space, queries),
        groups_(view, request.group_by),
        best_(static_cast<size_t>(request.k) + (request.IsPaged() ? 1 : 0)),
        least_(request.min_similarity - rounding_) {
    if (request.after.has_value()) {
      most_ = request.after->similarity + rounding_;
    }
  }

  absl::StatusOr<std::vector<Match>> Run() {
    result_.exact = true;
    for (size_t i = 0; i < view_.segments.size(); ++i) {
      const SpaceRows* rows = view_.segments[i].segment->space(request_.space);
      if (rows != nullptr) RETURN_IF_ERROR(SearchSegment(i, *rows));
    }
    std::vector<Match> heads = best_.Take();
    result_.groups_complete =
        result_.exact || heads.size() == static_cast<size_t>(request_.k);
    return request_.group_size == 1 ? std::move(heads) : WithMembers(heads);
  }

 private:
  // How many vectors of a graph are looked at first.
  size_t FirstList(const SpaceRows& rows) const {
    const auto k = static_cast<size_t>(request_.k);
    const size_t each = rows.VectorsPerRow();
    if (!request_.group_by.empty()) return 2 * k * each;
    const uint64_t depth = request_.after ? request_.after->depth : 0;
    const uint64_t before = std::min<uint64_t>(depth, kMaxNeighbors);
    return (static_cast<size_t>(before) + k) * each + kMargin;
  }

  IndexSearchParams ParamsFor(size_t list) const {
    return ParamsOf(request_, static_cast<int>(list), rounding_);
  }

  bool ScoresAll(const SpaceRows& rows, size_t list,
                 const Bitmap& allowed) const {
    return list > static_cast<size_t>(kMaxNeighbors) ||
           rows.ScoresAll(ParamsFor(list), allowed);
  }

  absl::Status SearchSegment(size_t segment, const SpaceRows& rows) {
    Bitmap own;
    const Bitmap& allowed = scope_.RowsOf(view_.segments[segment], own);
    const bool scan = ScoresAll(rows, FirstList(rows), allowed);
    for (const std::vector<float>& query : queries_) {
      if (scan) {
        Scan(segment, rows, query, allowed);
      } else {
        RETURN_IF_ERROR(Walk(segment, rows, query, allowed));
      }
    }
    return absl::OkStatus();
  }

  void Scan(size_t segment, const SpaceRows& rows,
            const std::vector<float>& query, const Bitmap& allowed) {
    result_.candidates_examined += rows.Score(
        query, allowed,
        [&](absl::Span<const size_t> found,
            absl::Span<const float> similarities) {
          for (size_t i = 0; i < found.size(); ++i) {
            Offer(segment, static_cast<uint32_t>(found[i]), similarities[i]);
          }
        });
  }

  absl::Status Walk(size_t segment, const SpaceRows& rows,
                    const std::vector<float>& query, const Bitmap& allowed) {
    Bitmap rest = allowed;
    size_t list = FirstList(rows);
    for (int round = 0; round < kMaxLists; ++round, list *= 2) {
      // Of the first list that was asked before.
      if (round > 0 && ScoresAll(rows, list, rest)) break;
      ASSIGN_OR_RETURN(const IndexSearchResult found,
                       rows.Search(query, ParamsFor(list), rest));
      result_.candidates_examined += found.candidates_examined;
      for (const Neighbor& neighbor : found.neighbors) {
        Offer(segment, static_cast<uint32_t>(neighbor.ordinal),
              neighbor.similarity);
      }
      if (found.neighbors.size() < list ||
          IsHopeless(found.neighbors.back().similarity)) {
        // What the lists before left out was no longer looked at.
        result_.exact = result_.exact && found.exact && round == 0;
        return absl::OkStatus();
      }
      for (const Neighbor& neighbor : found.neighbors) {
        const auto row = static_cast<uint32_t>(neighbor.ordinal);
        if (rest.Test(row)) {
          groups_.ClearRows(segment, groups_.Of(segment, row), rest);
        }
      }
    }
    Scan(segment, rows, query, allowed);
    return absl::OkStatus();
  }

  // Whether no row that an index finds so similar, or less, can get in.
  bool IsHopeless(float score) const {
    return best_.full() && score < best_.bar() - rounding_;
  }

  void Offer(size_t segment, uint32_t row, float score) {
    if (score < least_ || score > most_) return;
    const uint64_t group = groups_.Of(segment, row);
    if (best_.Beats(score + rounding_, group)) return;
    Match match{.segment = segment, .row = row};
    rater_.Rate(match);
    if (match.similarity < request_.min_similarity || !IsOnThisPage(match)) {
      return;
    }
    best_.Offer(match, group);
    if (best_.full()) least_ = std::max(least_, best_.bar() - rounding_);
  }

  // The best group_size matches of each of the groups that `heads` are in. Also
  // groups that a graph led to may have better ones than those.
  std::vector<Match> WithMembers(const std::vector<Match>& heads) {
    absl::flat_hash_map<uint64_t, size_t> places;
    const auto size = static_cast<size_t>(request_.group_size);
    std::vector<BestOfGroups> members(heads.size(), BestOfGroups(size));
    for (size_t i = 0; i < heads.size(); ++i) {
      places.emplace(groups_.Of(heads[i].segment, heads[i].row), i);
      members[i].Offer(heads[i], RowKey(heads[i]));
    }
    for (size_t i = 0; i < view_.segments.size(); ++i) {
      ScoreMembers(i, places, members);
    }
    std::vector<std::vector<Match>> groups;
    groups.reserve(members.size());
    for (BestOfGroups& group : members) groups.push_back(group.Take());
    std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
      return IsBetter(a.front(), b.front());
    });
    std::vector<Match> matches;
    for (const std::vector<Match>& group : groups) {
      matches.insert(matches.end(), group.begin(), group.end());
    }
    return matches;
  }

  // Offers all rows of a segment that are in the groups of `places`.
  void ScoreMembers(size_t segment,
                    const absl::flat_hash_map<uint64_t, size_t>& places,
                    std::vector<BestOfGroups>& members) {
    const SegmentView& view = view_.segments[segment];
    const SpaceRows* rows = view.segment->space(request_.space);
    if (rows == nullptr) return;
    Bitmap wanted;
    wanted.Grow(view.live->size(), false);
    for (const auto& [group, place] : places) {
      groups_.SetRows(segment, group, wanted);
    }
    Bitmap own;
    wanted.And(scope_.RowsOf(view, own));
    for (const std::vector<float>& query : queries_) {
      result_.candidates_examined += rows->Score(
          query, wanted,
          [&](absl::Span<const size_t> found,
              absl::Span<const float> similarities) {
            for (size_t i = 0; i < found.size(); ++i) {
              const auto row = static_cast<uint32_t>(found[i]);
              OfferMember(segment, row, similarities[i],
                          members[places.at(groups_.Of(segment, row))]);
            }
          });
    }
  }

  static uint64_t RowKey(const Match& match) {
    return uint64_t{match.segment} << 32 | match.row;
  }

  // Each row is a group of its own among those of its group.
  void OfferMember(size_t segment, uint32_t row, float score,
                   BestOfGroups& best) {
    if (score < request_.min_similarity - rounding_) return;
    if (best.full() && score < best.bar() - rounding_) return;
    Match match{.segment = segment, .row = row};
    rater_.Rate(match);
    if (match.similarity < request_.min_similarity) return;
    best.Offer(match, RowKey(match));
  }

  bool IsOnThisPage(const Match& match) const {
    if (!request_.after.has_value()) return true;
    const SearchCursor& last = *request_.after;
    if (match.similarity != last.similarity) {
      return match.similarity < last.similarity;
    }
    return OpIdOf(view_, match) > last.op_id;
  }

  const View& view_;
  const SearchRequest& request_;
  const absl::Span<const std::vector<float>> queries_;
  const SearchScope& scope_;
  SearchResult& result_;
  const float rounding_;
  MatchRater rater_;
  GroupIds groups_;
  BestOfGroups best_;
  // What an index must find of a row for it to be looked at.
  float least_;
  float most_ = std::numeric_limits<float>::infinity();
};

}  // namespace

bool IsDeep(const View& view, const SearchRequest& request, size_t queries) {
  if (queries > 1 || request.IsPaged() || !request.group_by.empty()) {
    return true;
  }
  return std::any_of(view.segments.begin(), view.segments.end(),
                     [&request](const SegmentView& segment) {
                       const SpaceRows* rows =
                           segment.segment->space(request.space);
                       return rows != nullptr && rows->rows().repeats();
                     });
}

absl::StatusOr<std::vector<Match>> SearchDeep(
    const View& view, const SearchRequest& request,
    absl::Span<const std::vector<float>> queries, const SearchScope& scope,
    SearchResult& result) {
  return DeepSearch(view, request, queries, scope, result).Run();
}

}  // namespace likeness
