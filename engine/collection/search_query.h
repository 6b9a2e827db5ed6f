// What a search looks for, as vectors. Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_SEARCH_QUERY_H_
#define LIKENESS_ENGINE_COLLECTION_SEARCH_QUERY_H_

#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "engine/collection/search_request.h"
#include "engine/collection/view.h"
#include "engine/index/vector_index.h"
#include "engine/store/database.h"

namespace likeness {

// Unit vectors, at least one; an item is as similar as to the nearest of them.
using QueryVectors = absl::InlinedVector<std::vector<float>, 1>;

// Those of request.after, or else of request.target. INVALID_ARGUMENT blames
// the field ("vector", "examples.negatives[2].vector", "page_token");
// "examples" when positives and negatives cancel each other out. NOT_FOUND when
// an item does not exist or has no vector in the space.
absl::StatusOr<QueryVectors> MakeQueryVectors(const View& view,
                                              const CollectionSpec& spec,
                                              const SearchRequest& request);

// What an index is asked for: the `k` nearest, and none left out by a minimum
// whose similarity it may have rounded down by `rounding`.
IndexSearchParams ParamsOf(const SearchRequest& request, int k, float rounding);

// The items that the target names.
std::vector<std::string> ItemsOf(const SearchTarget& target);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEARCH_QUERY_H_
