#ifndef LIKENESS_SERVER_SEARCH_TARGET_H_
#define LIKENESS_SERVER_SEARCH_TARGET_H_

#include "absl/status/statusor.h"
#include "engine/collection/search_request.h"
#include "engine/core/space.h"
#include "engine/store/database.h"
#include "likeness/v1/search_service.pb.h"
#include "server/item_search.h"

namespace likeness {

// What `request` looks for, its pictures turned into vectors.
// INVALID_ARGUMENT names the field ("examples.negatives[2].vector.values").
absl::StatusOr<SearchTarget> TargetFromWire(const v1::SearchRequest& request,
                                            const CollectionSpec& spec,
                                            Space space,
                                            const SearchMeans& means);

// Only the items that it looks for: what a later page still needs of it.
SearchTarget NamedItems(const v1::SearchRequest& request);

// Whether nothing but the caller's own vectors is looked for.
bool HasOnlyVectors(const v1::SearchRequest& request);

}  // namespace likeness

#endif  // LIKENESS_SERVER_SEARCH_TARGET_H_
