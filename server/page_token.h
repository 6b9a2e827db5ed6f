#ifndef LIKENESS_SERVER_PAGE_TOKEN_H_
#define LIKENESS_SERVER_PAGE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/store/database.h"

namespace likeness {

// A page token holds where the next page starts and a checksum over that and
// the collection (its name and when it was made): one that was altered, cut, or
// taken from another collection is refused. It is no secret; who may list the
// collection may list all of it.
//
// base64url( version byte, 8 bytes of SHA-256, next id )
std::string MakePageToken(const CollectionSpec& collection,
                          absl::string_view next_id);

// The id inside `token`. INVALID_ARGUMENT blames the field "page_token".
absl::StatusOr<std::string> ParsePageToken(const CollectionSpec& collection,
                                           absl::string_view token);

}  // namespace likeness

#endif  // LIKENESS_SERVER_PAGE_TOKEN_H_
