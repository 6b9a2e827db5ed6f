#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "server/item_writes.h"
#include "server/request_checks.h"

namespace likeness {
absl::Status DeleteMatchingItems(const Call& call,
                                 const v1::DeleteMatchingItemsRequest& request,
                                 v1::DeleteMatchingItemsResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  DeleteRequest wanted;
  ASSIGN_OR_RETURN(wanted.filter, Filter::Parse(request.filter()));
  wanted.all_items = request.all_items();
  wanted.dry_run = request.dry_run();
  wanted.still_wanted = [&call] { return call.CheckWanted(); };
  ASSIGN_OR_RETURN(const DeleteResult result,
                   collection->DeleteMatching(wanted));
  // A call that fails has no other answer than its status.
  RETURN_IF_ERROR(WithContext(
      result.ended, absl::StrCat("deleted ", result.deleted, " of the ",
                                 result.matched, " items that passed, then")));
  response.set_matched_count(static_cast<int64_t>(result.matched));
  response.set_deleted_count(static_cast<int64_t>(result.deleted));
  response.set_changed_count(static_cast<int64_t>(result.changed));
  response.set_op_id(result.op_id);
  response.set_last_op_id(result.last_op_id);
  return absl::OkStatus();
}

}  // namespace likeness
