#ifndef LIKENESS_ENGINE_COLLECTION_VIEW_SEARCH_H_
#define LIKENESS_ENGINE_COLLECTION_VIEW_SEARCH_H_

#include "absl/status/statusor.h"
#include "engine/collection/collection.h"
#include "engine/collection/view.h"

namespace likeness {

// Answers `request` from `view` alone. Errors as Collection::Search.
absl::StatusOr<SearchResult> SearchView(const View& view,
                                        const CollectionSpec& spec,
                                        const SearchRequest& request);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VIEW_SEARCH_H_
