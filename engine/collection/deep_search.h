// Searches that choose among the rows by more than the k best. Private to
// engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_DEEP_SEARCH_H_
#define LIKENESS_ENGINE_COLLECTION_DEEP_SEARCH_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/collection/match.h"
#include "engine/collection/search_request.h"
#include "engine/collection/search_scope.h"
#include "engine/collection/view.h"

namespace likeness {

// Whether `request`, for that many queries, is such a search: by groups, in
// pages, as near as the nearest of several, or among items of which some have
// several vectors, each a group of them.
bool IsDeep(const View& view, const SearchRequest& request, size_t queries);

// The best matches of each of the best k groups, of pages one more, best first;
// all figures are those that are answered. Sets exact, candidates_examined and
// groups_complete of `result`.
//
// A segment whose vectors a search would all score anyway is scored once, and
// what is found there is exact. A graph is asked for longer and longer lists, a
// few times, without the groups that are there already; when they don't suffice
// its rows are scored, too. So the work is bounded by that of an exact search.
// Where more than one item of a group is wanted, all rows of the groups that
// were found are scored.
absl::StatusOr<std::vector<Match>> SearchDeep(
    const View& view, const SearchRequest& request,
    absl::Span<const std::vector<float>> queries, const SearchScope& scope,
    SearchResult& result);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_DEEP_SEARCH_H_
