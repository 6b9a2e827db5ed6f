#include "server/item_service.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/metadata_store.h"
#include "server/convert.h"
#include "server/item_writes.h"
#include "server/page_token.h"
#include "server/reasons.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

absl::Status Get(const Call& call, const v1::GetItemRequest& request,
                 v1::GetItemResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  RETURN_IF_ERROR(ValidateItemId(request.id()));
  const ReadParts parts{.thumbnail = request.with_thumbnail()};
  if (request.with_vectors()) {
    const auto whole = collection->GetWithVectors(request.id(), parts);
    RETURN_IF_ERROR(BlameMissing(whole.status(), kReasonItemNotFound, "id"));
    ToWire(whole->item, *response.mutable_item());
    ToWire(whole->vectors, collection->spec(), *response.mutable_vectors());
    return absl::OkStatus();
  }
  const absl::StatusOr<Item> item = collection->Get(request.id(), parts);
  RETURN_IF_ERROR(BlameMissing(item.status(), kReasonItemNotFound, "id"));
  ToWire(*item, *response.mutable_item());
  return absl::OkStatus();
}

absl::Status List(const Call& call, const v1::ListItemsRequest& request,
                  v1::ListItemsResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size()));
  std::string start_id;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(start_id,
                     ParsePageToken(PageKind::kItems, collection->spec(),
                                    request.page_token(), kMaxItemIdBytes));
  }
  ASSIGN_OR_RETURN(
      ItemPage page,
      collection->List(start_id, page_size,
                       ReadParts{.thumbnail = request.with_thumbnails()}));
  size_t bytes = 0;
  for (const Item& item : page.items) {
    v1::Item wire;
    ToWire(item, wire);
    bytes += wire.ByteSizeLong();
    if (bytes > kMaxPageBytes && !response.items().empty()) {
      page.next_id = item.id;
      break;
    }
    *response.add_items() = std::move(wire);
  }
  if (!page.next_id.empty()) {
    response.set_next_page_token(
        MakePageToken(PageKind::kItems, collection->spec(), page.next_id));
  }
  return absl::OkStatus();
}

absl::Status GetMany(const Call& call, const v1::GetItemsRequest& request,
                     v1::GetItemsResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  if (request.ids().empty()) return InvalidField("ids", "is not given");
  const std::vector<std::string> ids(request.ids().begin(),
                                     request.ids().end());
  ASSIGN_OR_RETURN(const auto items,
                   collection->GetMany(
                       ids, ReadParts{.thumbnail = request.with_thumbnails()}));
  for (size_t i = 0; i < ids.size(); ++i) {
    if (items[i].has_value()) {
      ToWire(*items[i], *response.add_items());
    } else {
      response.add_missing_ids(ids[i]);
    }
  }
  return absl::OkStatus();
}

// Again when the collection's model was changed after `write` had begun: it was
// refused, and must be made for the new one.
template <typename Request, typename Response>
absl::Status Write(const Call& call,
                   absl::Status (*write)(const Call&, const Request&,
                                         Response&),
                   const Request& request, Response& response) {
  while (true) {
    const absl::Status status = write(call, request, response);
    if (ReasonOf(status) != kReasonModelChanged) return status;
    RETURN_IF_ERROR(call.CheckWanted());
    response.Clear();
  }
}

}  // namespace

grpc::ServerUnaryReactor* ItemServiceImpl::UpsertItem(
    grpc::CallbackServerContext* context, const v1::UpsertItemRequest* request,
    v1::UpsertItemResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Write(call, likeness::UpsertItem, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::UpsertItems(
    grpc::CallbackServerContext* context, const v1::UpsertItemsRequest* request,
    v1::UpsertItemsResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Write(call, likeness::UpsertItems, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::UpdateItemMetadata(
    grpc::CallbackServerContext* context,
    const v1::UpdateItemMetadataRequest* request,
    v1::UpdateItemMetadataResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Write(call, likeness::UpdateItemMetadata, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::GetItem(
    grpc::CallbackServerContext* context, const v1::GetItemRequest* request,
    v1::GetItemResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Get(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::GetItems(
    grpc::CallbackServerContext* context, const v1::GetItemsRequest* request,
    v1::GetItemsResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return GetMany(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::ListItems(
    grpc::CallbackServerContext* context, const v1::ListItemsRequest* request,
    v1::ListItemsResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return List(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::DeleteItem(
    grpc::CallbackServerContext* context, const v1::DeleteItemRequest* request,
    v1::DeleteItemResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Write(call, likeness::DeleteItem, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::DeleteItems(
    grpc::CallbackServerContext* context, const v1::DeleteItemsRequest* request,
    v1::DeleteItemsResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Write(call, likeness::DeleteItems, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::DeleteMatchingItems(
    grpc::CallbackServerContext* context,
    const v1::DeleteMatchingItemsRequest* request,
    v1::DeleteMatchingItemsResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return likeness::DeleteMatchingItems(call, *request, *response);
  });
}

}  // namespace likeness
