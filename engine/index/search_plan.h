#ifndef LIKENESS_ENGINE_INDEX_SEARCH_PLAN_H_
#define LIKENESS_ENGINE_INDEX_SEARCH_PLAN_H_

#include <cstddef>
#include <cstdint>

namespace likeness {

// About how many vectors a walk over a graph of `rows` compares to find `ef`
// candidates that are among `allowed` of them, spread evenly.
uint64_t ExpectedWalk(size_t rows, size_t allowed, size_t ef);

// True when scoring all `allowed` of `rows` vectors takes less time than
// walking the graph: few are allowed, or the index is small. An index decides
// by it when a search does not ask to be exact; a walk that turns out longer
// than `allowed` vectors (those near the query are not allowed) ends in an
// exact search as well.
bool PrefersExact(size_t rows, size_t allowed, size_t ef);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEARCH_PLAN_H_
