#ifndef LIKENESS_SERVER_PAGE_TOKEN_H_
#define LIKENESS_SERVER_PAGE_TOKEN_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/store/database.h"

namespace likeness {

// What is paged: a token of one kind is none of the other.
enum class PageKind {
  kItems,  // The token holds the next id.
  kHits,   // See server/hit_page.h.
};

// A page token holds where the next page starts and a checksum over that and
// the collection (its name and when it was made; of hits also its model, whose
// vectors they have): one that was altered, cut, or taken from another
// collection is refused. It is no secret; who may list the
// collection may list all of it.
//
// base64url( version byte, 8 bytes of SHA-256, start ), `start` not empty
std::string MakePageToken(PageKind kind, const CollectionSpec& collection,
                          absl::string_view start);

// The start inside `token`, at most `max_bytes` of it. INVALID_ARGUMENT blames
// the field "page_token".
absl::StatusOr<std::string> ParsePageToken(PageKind kind,
                                           const CollectionSpec& collection,
                                           absl::string_view token,
                                           size_t max_bytes);

}  // namespace likeness

#endif  // LIKENESS_SERVER_PAGE_TOKEN_H_
