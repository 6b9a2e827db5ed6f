#ifndef LIKENESS_SERVER_ITEM_SERVICE_H_
#define LIKENESS_SERVER_ITEM_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "likeness/v1/item_service.grpc.pb.h"
#include "server/call_runner.h"

namespace likeness {

// likeness.v1.ItemService over the collections. Thread-safe.
class ItemServiceImpl final : public v1::ItemService::CallbackService {
 public:
  // `runner` outlives this.
  explicit ItemServiceImpl(CallRunner& runner) : runner_(runner) {}

  grpc::ServerUnaryReactor* UpsertItem(
      grpc::CallbackServerContext* context,
      const v1::UpsertItemRequest* request,
      v1::UpsertItemResponse* response) override;
  grpc::ServerUnaryReactor* UpsertItems(
      grpc::CallbackServerContext* context,
      const v1::UpsertItemsRequest* request,
      v1::UpsertItemsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateItemMetadata(
      grpc::CallbackServerContext* context,
      const v1::UpdateItemMetadataRequest* request,
      v1::UpdateItemMetadataResponse* response) override;
  grpc::ServerUnaryReactor* GetItem(grpc::CallbackServerContext* context,
                                    const v1::GetItemRequest* request,
                                    v1::GetItemResponse* response) override;
  grpc::ServerUnaryReactor* GetItems(grpc::CallbackServerContext* context,
                                     const v1::GetItemsRequest* request,
                                     v1::GetItemsResponse* response) override;
  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context,
                                      const v1::ListItemsRequest* request,
                                      v1::ListItemsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteItem(
      grpc::CallbackServerContext* context,
      const v1::DeleteItemRequest* request,
      v1::DeleteItemResponse* response) override;
  grpc::ServerUnaryReactor* DeleteItems(
      grpc::CallbackServerContext* context,
      const v1::DeleteItemsRequest* request,
      v1::DeleteItemsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteMatchingItems(
      grpc::CallbackServerContext* context,
      const v1::DeleteMatchingItemsRequest* request,
      v1::DeleteMatchingItemsResponse* response) override;

 private:
  CallRunner& runner_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_ITEM_SERVICE_H_
