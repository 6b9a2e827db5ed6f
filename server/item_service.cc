#include "server/item_service.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "indexer/picture_put.h"
#include "server/convert.h"
#include "server/page_token.h"
#include "server/reasons.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
// gRPC clients refuse messages of more than 4 MiB unless told otherwise; a page
// ends early rather than going much beyond this.
constexpr size_t kMaxPageBytes = 3 << 20;

absl::StatusOr<Mutation> PictureMutation(const Call& call, Item item,
                                         const CollectionSpec& spec,
                                         const std::string& picture) {
  RETURN_IF_ERROR(CheckTakesPictures(spec, call.model(), "picture"));
  absl::StatusOr<EncodedPicture> encoded =
      call.encoder().Encode(picture, spec.keep_thumbnails);
  RETURN_IF_ERROR(BlamePicture(encoded.status(), "picture"));
  return MakePut(std::move(item.id), *std::move(encoded),
                 std::move(item.metadata), std::move(item.source),
                 call.model().id);
}

absl::StatusOr<Mutation> VectorMutation(Item item, const CollectionSpec& spec,
                                        const v1::Vectors& vectors) {
  RETURN_IF_ERROR(CheckTakesVectors(spec, "vectors"));
  Mutation put;
  put.item = std::move(item);
  ASSIGN_OR_RETURN(put.vectors, VectorsFromWire(vectors, spec, "vectors"));
  return put;
}

absl::StatusOr<Mutation> MutationOf(const Call& call,
                                    const v1::UpsertItemRequest& request,
                                    const CollectionSpec& spec) {
  if (!request.has_item()) return InvalidField("item", "is not given");
  ASSIGN_OR_RETURN(Item item, ItemFromWire(request.item(), "item"));
  switch (request.content_case()) {
    case v1::UpsertItemRequest::kPicture:
      return PictureMutation(call, std::move(item), spec, request.picture());
    case v1::UpsertItemRequest::kVectors:
      return VectorMutation(std::move(item), spec, request.vectors());
    case v1::UpsertItemRequest::CONTENT_NOT_SET:
      break;
  }
  return InvalidField("picture", "neither a picture nor vectors are given");
}

absl::Status Upsert(const Call& call, const v1::UpsertItemRequest& request,
                    v1::UpsertItemResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  ASSIGN_OR_RETURN(Mutation put, MutationOf(call, request, collection->spec()));
  RETURN_IF_ERROR(call.CheckWanted());
  std::vector<Mutation> puts;
  puts.push_back(std::move(put));
  ASSIGN_OR_RETURN(const std::vector<uint64_t> op_ids,
                   collection->Upsert(std::move(puts)));
  response.set_op_id(op_ids.front());
  return absl::OkStatus();
}

absl::Status Get(const Call& call, const v1::GetItemRequest& request,
                 v1::GetItemResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  RETURN_IF_ERROR(ValidateItemId(request.id()));
  absl::StatusOr<Item> item = collection->Get(
      request.id(), ReadParts{.thumbnail = request.with_thumbnail()});
  RETURN_IF_ERROR(BlameMissing(item.status(), kReasonItemNotFound, "id"));
  ToWire(*item, *response.mutable_item());
  return absl::OkStatus();
}

absl::StatusOr<int> PageSize(int asked) {
  if (asked < 0 || asked > kMaxPageSize) {
    return InvalidField("page_size",
                        absl::StrCat(asked, " is not in 1 to ", kMaxPageSize,
                                     " (or 0, for ", kDefaultPageSize, ")"));
  }
  return asked == 0 ? kDefaultPageSize : asked;
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
                     ParsePageToken(collection->spec(), request.page_token()));
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
        MakePageToken(collection->spec(), page.next_id));
  }
  return absl::OkStatus();
}

absl::Status Delete(const Call& call, const v1::DeleteItemRequest& request,
                    v1::DeleteItemResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  RETURN_IF_ERROR(ValidateItemId(request.id()));
  const std::vector<std::string> ids = {request.id()};
  ASSIGN_OR_RETURN(const std::vector<uint64_t> op_ids, collection->Delete(ids));
  if (op_ids.front() == 0) {
    return BlameMissing(
        absl::NotFoundError(absl::StrCat("collection '", request.collection(),
                                         "' has no item '", request.id(), "'")),
        kReasonItemNotFound, "id");
  }
  response.set_op_id(op_ids.front());
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* ItemServiceImpl::UpsertItem(
    grpc::CallbackServerContext* context, const v1::UpsertItemRequest* request,
    v1::UpsertItemResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Upsert(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* ItemServiceImpl::GetItem(
    grpc::CallbackServerContext* context, const v1::GetItemRequest* request,
    v1::GetItemResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Get(call, *request, *response);
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
    return Delete(call, *request, *response);
  });
}

}  // namespace likeness
