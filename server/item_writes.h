// The write methods of likeness.v1.ItemService: request in, response filled.
#ifndef LIKENESS_SERVER_ITEM_WRITES_H_
#define LIKENESS_SERVER_ITEM_WRITES_H_

#include "absl/status/status.h"
#include "likeness/v1/item_service.pb.h"
#include "server/call_runner.h"

namespace likeness {

absl::Status UpsertItem(const Call& call, const v1::UpsertItemRequest& request,
                        v1::UpsertItemResponse& response);

absl::Status UpsertItems(const Call& call,
                         const v1::UpsertItemsRequest& request,
                         v1::UpsertItemsResponse& response);

absl::Status UpdateItemMetadata(const Call& call,
                                const v1::UpdateItemMetadataRequest& request,
                                v1::UpdateItemMetadataResponse& response);

absl::Status DeleteItem(const Call& call, const v1::DeleteItemRequest& request,
                        v1::DeleteItemResponse& response);

absl::Status DeleteItems(const Call& call,
                         const v1::DeleteItemsRequest& request,
                         v1::DeleteItemsResponse& response);

absl::Status DeleteMatchingItems(const Call& call,
                                 const v1::DeleteMatchingItemsRequest& request,
                                 v1::DeleteMatchingItemsResponse& response);

}  // namespace likeness

#endif  // LIKENESS_SERVER_ITEM_WRITES_H_
