#include "engine/collection/view_search.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/deep_search.h"
#include "engine/collection/match.h"
#include "engine/collection/search_query.h"
#include "engine/collection/search_scope.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/filter/field_values.h"

namespace likeness {
namespace {

constexpr int kMaxK = 1000;

// Requires that its parts are in their ranges.
int MostHits(const SearchRequest& request) {
  return request.k * request.group_size;
}

absl::Status ValidateGroups(const SearchRequest& request) {
  if (!request.group_by.empty() && request.IsPaged()) {
    return InvalidField("group_by", "makes no sense in a search by pages");
  }
  if (request.group_size < 1 || request.group_size > kMaxGroupSize) {
    return InvalidField(
        "group_size", absl::StrCat("is ", request.group_size, ", must be 1 to ",
                                   kMaxGroupSize));
  }
  if (request.group_size == 1) return absl::OkStatus();
  if (request.group_by.empty()) {
    return InvalidField("group_size", "makes no sense without group_by");
  }
  if (MostHits(request) <= kMaxK) return absl::OkStatus();
  return InvalidField(
      "group_size",
      absl::StrCat(request.k, " groups of ", request.group_size,
                   " are more than ", kMaxK, " items, the limit"));
}

absl::Status Validate(const CollectionSpec& spec,
                      const SearchRequest& request) {
  if (request.k < 1 || request.k > kMaxK) {
    return InvalidField(
        "k", absl::StrCat("is ", request.k, ", must be 1 to ", kMaxK));
  }
  // Whether or not there is an index that heeds them.
  RETURN_IF_ERROR(ValidateSearchParams(ParamsOf(request, request.k, 0)));
  if (static_cast<size_t>(request.space) >= kNumSpaces ||
      spec.dimensions[request.space] == 0) {
    return InvalidField("space", "the collection has no such space");
  }
  if (request.exclude_ids.size() > kMaxExcluded) {
    return InvalidField("exclude_item_ids",
                        absl::StrCat("has ", request.exclude_ids.size(),
                                     " ids, the limit is ", kMaxExcluded));
  }
  return ValidateGroups(request);
}

absl::Status CheckVisible(const View& view, uint64_t min_op_id) {
  if (min_op_id <= view.op_id()) return absl::OkStatus();
  return WithReason(absl::FailedPreconditionError(absl::StrCat(
                        "operation ", min_op_id,
                        " is not visible yet, the newest is ", view.op_id())),
                    kReasonNotYetVisible);
}

absl::Status CheckAgainst(const View& view, const SearchRequest& request) {
  RETURN_IF_ERROR(CheckVisible(view, request.min_op_id));
  if (request.after.has_value()) {
    RETURN_IF_ERROR(CheckVisible(view, request.after->as_of));
  }
  if (request.filter.has_value()) {
    RETURN_IF_ERROR(CheckTypes(*request.filter, *view.types));
  }
  if (request.group_by.empty()) return absl::OkStatus();
  return CheckGroupable(request.group_by, *view.types);
}

// Whether the item that is looked for is found and then dropped: cheaper than
// to keep one row of many out of the search.
bool LeavesOutLate(const SearchRequest& request, bool deep) {
  return std::holds_alternative<std::string>(request.target) &&
         request.exclude_ids.empty() && !deep;
}

// The operations whose rows the request names: what it looks for, and what it
// excludes.
absl::StatusOr<std::vector<uint64_t>> NamedRows(const View& view,
                                                const SearchRequest& request) {
  std::vector<std::string> ids = ItemsOf(request.target);
  ids.insert(ids.end(), request.exclude_ids.begin(), request.exclude_ids.end());
  if (ids.empty()) return std::vector<uint64_t>();
  ASSIGN_OR_RETURN(std::vector<uint64_t> op_ids, view.store->FindOps(ids));
  std::erase(op_ids, uint64_t{0});
  std::sort(op_ids.begin(), op_ids.end());
  return op_ids;
}

// The best rows of all segments, as their indexes score them.
absl::StatusOr<std::vector<Match>> FindMatches(const View& view,
                                               const SearchRequest& request,
                                               const std::vector<float>& query,
                                               const SearchScope& scope, int k,
                                               SearchResult& result) {
  const IndexSearchParams params =
      ParamsOf(request, k, ScoreRounding(query.size()));
  std::vector<Match> matches;
  result.exact = true;
  for (size_t i = 0; i < view.segments.size(); ++i) {
    const SegmentView& segment = view.segments[i];
    const SpaceRows* rows = segment.segment->space(request.space);
    if (rows == nullptr) continue;
    Bitmap own;
    ASSIGN_OR_RETURN(const IndexSearchResult found,
                     rows->Search(query, params, scope.RowsOf(segment, own)));
    for (const Neighbor& neighbor : found.neighbors) {
      matches.push_back(
          {i, static_cast<uint32_t>(neighbor.ordinal), neighbor.similarity, 0});
    }
    result.candidates_examined += found.candidates_examined;
    result.exact = result.exact && found.exact;
  }
  const size_t kept = std::min(matches.size(), static_cast<size_t>(k));
  std::partial_sort(matches.begin(),
                    matches.begin() + static_cast<std::ptrdiff_t>(kept),
                    matches.end(), IsBetter);
  matches.resize(kept);
  MatchRater rater(view, request.space, absl::MakeConstSpan(&query, 1));
  for (Match& match : matches) rater.Rate(match);
  std::erase_if(matches, [&](const Match& match) {
    return match.similarity < request.min_similarity;
  });
  std::sort(matches.begin(), matches.end(), IsBetter);
  return matches;
}

absl::StatusOr<std::vector<Hit>> MakeHits(const View& view,
                                          const SearchRequest& request,
                                          const std::vector<Match>& matches) {
  std::vector<uint64_t> op_ids;
  op_ids.reserve(matches.size());
  for (const Match& match : matches) op_ids.push_back(OpIdOf(view, match));
  ASSIGN_OR_RETURN(auto items, view.store->GetByOps(op_ids, request.parts));
  const auto* target_id = std::get_if<std::string>(&request.target);
  std::vector<Hit> hits;
  for (size_t i = 0; i < matches.size(); ++i) {
    if (!items[i].has_value()) {
      return WithReason(
          absl::DataLossError(absl::StrCat("the item of operation ", op_ids[i],
                                           " is missing from the store")),
          kReasonCorruptData);
    }
    if (target_id != nullptr && items[i]->id == *target_id) continue;
    if (hits.size() == static_cast<size_t>(MostHits(request))) break;
    Hit& hit = hits.emplace_back();
    hit.id = items[i]->id;
    hit.similarity = matches[i].similarity;
    hit.distance = matches[i].distance;
    hit.vector = matches[i].vector;
    hit.vectors = matches[i].vectors;
    if (request.with_items) hit.item = std::move(items[i]);
  }
  return hits;
}

// Takes the match behind the page, if there is one, for a sign that there is a
// next page.
void EndPage(const View& view, const SearchRequest& request,
             const QueryVectors& queries, std::vector<Match>& matches,
             SearchResult& result) {
  const auto k = static_cast<size_t>(request.k);
  if (matches.size() <= k) return;
  matches.resize(k);
  SearchCursor& next = result.next.emplace();
  next.similarity = matches.back().similarity;
  next.op_id = OpIdOf(view, matches.back());
  next.as_of = result.op_id;
  next.depth = (request.after.has_value() ? request.after->depth : 0) + k;
  next.queries.assign(queries.begin(), queries.end());
}

}  // namespace

absl::StatusOr<SearchResult> SearchView(const View& view,
                                        const CollectionSpec& spec,
                                        const SearchRequest& request) {
  RETURN_IF_ERROR(Validate(spec, request));
  RETURN_IF_ERROR(CheckAgainst(view, request));
  ASSIGN_OR_RETURN(const QueryVectors queries,
                   MakeQueryVectors(view, spec, request));
  const bool deep = IsDeep(view, request, queries.size());
  const bool late = LeavesOutLate(request, deep);
  SearchScope scope;
  if (request.filter.has_value()) scope.filter = &*request.filter;
  if (request.after.has_value()) scope.as_of = request.after->as_of;
  if (!late) {
    ASSIGN_OR_RETURN(scope.left_out, NamedRows(view, request));
  }
  SearchResult result;
  result.op_id = std::min(view.op_id(), scope.as_of);
  std::vector<Match> matches;
  if (deep) {
    ASSIGN_OR_RETURN(matches,
                     SearchDeep(view, request, queries, scope, result));
    if (request.IsPaged()) EndPage(view, request, queries, matches, result);
  } else {
    ASSIGN_OR_RETURN(matches, FindMatches(view, request, queries.front(), scope,
                                          request.k + (late ? 1 : 0), result));
  }
  ASSIGN_OR_RETURN(result.hits, MakeHits(view, request, matches));
  return result;
}

}  // namespace likeness
