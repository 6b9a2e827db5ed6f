// The tokens of SearchRequest.page_token.
#ifndef LIKENESS_SERVER_HIT_PAGE_H_
#define LIKENESS_SERVER_HIT_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/collection/search_request.h"
#include "engine/store/database.h"
#include "likeness/v1/search_service.pb.h"

namespace likeness {

// The token of the page that begins at `next`, for whoever repeats `request`.
// It holds the cursor with its query vectors, so that the next page looks for
// the very same ones and no network runs again, and what tells whether the
// request is the same.
std::string MakeHitPageToken(const CollectionSpec& collection,
                             const v1::SearchRequest& request,
                             const SearchCursor& next);

// The cursor inside request.page_token. INVALID_ARGUMENT blames "page_token",
// and says in which field `request` differs from the one that it is of: only k,
// min_op_id and with_thumbnails may.
absl::StatusOr<SearchCursor> ParseHitPageToken(
    const CollectionSpec& collection, const v1::SearchRequest& request);

}  // namespace likeness

#endif  // LIKENESS_SERVER_HIT_PAGE_H_
