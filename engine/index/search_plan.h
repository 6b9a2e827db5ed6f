#ifndef LIKENESS_ENGINE_INDEX_SEARCH_PLAN_H_
#define LIKENESS_ENGINE_INDEX_SEARCH_PLAN_H_

#include <cstddef>
#include <cstdint>

namespace likeness {

// What follows was measured on clustered vectors (`likeness bench index`'s),
// graphs with m = 32.

// About how many vectors a walk over a graph compares to expand `ef`
// candidates.
uint64_t ExpectedWalk(size_t ef);

// The vectors that a walk may compare before scoring all `allowed` ones instead
// would have been faster.
uint64_t LongestWalk(size_t allowed);

// True when scoring all `allowed` vectors takes less time than walking the
// graph for `ef` candidates. An index decides by it when a search does not ask
// to be exact. A walk that turns out longer than LongestWalk ends in scoring
// them all, too.
bool PrefersExact(size_t allowed, size_t ef);

// What a search over lists does: of `lists` lists it scans those with `entries`
// entries, about, and compares a part of them, each of which takes
// `entry_time`, in vectors scored in order; then it scores `rescored` vectors.
struct ListsPlan {
  size_t lists;
  size_t entries;
  double entry_time;
  size_t rescored;
};

// Whether a search over lists of which a filter allows this share compares also
// what is not allowed: to see what the filter hides.
bool ComparesHidden(size_t rows, size_t allowed);

// True when scoring all `allowed` of `rows` rows takes less time.
bool PrefersExactToLists(size_t rows, size_t allowed, const ListsPlan& plan);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEARCH_PLAN_H_
