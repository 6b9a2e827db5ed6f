// SearchService.Search, for servers and for commands that have a collection
// open themselves.
#ifndef LIKENESS_SERVER_ITEM_SEARCH_H_
#define LIKENESS_SERVER_ITEM_SEARCH_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/collection/collection.h"
#include "engine/embed/picture_encoder.h"
#include "likeness/v1/search_service.pb.h"

namespace likeness {

// What a search takes beside its collection.
struct SearchMeans {
  // Of the model that runs; asked for only when pictures must be embedded or a
  // precision is given. Not null when OK.
  std::function<absl::StatusOr<const PictureEncoder*>()> encoder;
  // Asked before costly steps; an error ends the work.
  std::function<absl::Status()> check_wanted;
};

// Answers `request` from `collection`. Errors name the field of the request;
// docs/api.md has the reasons.
absl::Status SearchItems(const v1::SearchRequest& request,
                         const Collection& collection, const SearchMeans& means,
                         v1::SearchResponse& response);

}  // namespace likeness

#endif  // LIKENESS_SERVER_ITEM_SEARCH_H_
