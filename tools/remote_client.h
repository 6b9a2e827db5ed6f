#ifndef LIKENESS_TOOLS_REMOTE_CLIENT_H_
#define LIKENESS_TOOLS_REMOTE_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/space.h"
#include "likeness/v1/admin_service.grpc.pb.h"
#include "likeness/v1/collection_service.grpc.pb.h"
#include "likeness/v1/item_service.grpc.pb.h"
#include "likeness/v1/model_service.grpc.pb.h"
#include "likeness/v1/search_service.grpc.pb.h"

namespace likeness {

// A running server, asked over gRPC. Statuses are the server's, with reason and
// field; UNAVAILABLE (reason NO_ANSWER) names the address when nobody answers.
// A call that meets a server that is starting is tried again for a second or
// two. Thread-safe.
class RemoteClient {
 public:
  // `address` is "HOST:PORT". Connects with the first call.
  explicit RemoteClient(const std::string& address);

  const std::string& address() const { return address_; }

  absl::StatusOr<v1::Collection> GetCollection(const std::string& name) const;
  absl::StatusOr<v1::Collection> CreateCollection(
      const v1::CreateCollectionRequest& request) const;
  absl::StatusOr<v1::Collection> UpdateCollection(
      const v1::UpdateCollectionRequest& request) const;
  absl::StatusOr<v1::CompactCollectionResponse> CompactCollection(
      const std::string& name) const;
  absl::StatusOr<v1::ListCollectionsResponse> ListCollections() const;
  absl::StatusOr<v1::UpsertItemResponse> UpsertItem(
      const v1::UpsertItemRequest& request) const;
  absl::StatusOr<v1::Item> GetItem(const std::string& collection,
                                   const std::string& id) const;
  absl::StatusOr<v1::GetItemsResponse> GetItems(
      const v1::GetItemsRequest& request) const;
  absl::StatusOr<v1::UpdateItemMetadataResponse> UpdateItemMetadata(
      const v1::UpdateItemMetadataRequest& request) const;
  absl::StatusOr<v1::DeleteItemsResponse> DeleteItems(
      const v1::DeleteItemsRequest& request) const;
  absl::StatusOr<v1::DeleteMatchingItemsResponse> DeleteMatchingItems(
      const v1::DeleteMatchingItemsRequest& request) const;
  absl::StatusOr<v1::SearchResponse> Search(
      const v1::SearchRequest& request) const;
  absl::StatusOr<v1::CompareResponse> Compare(
      const v1::CompareRequest& request) const;
  absl::StatusOr<v1::ClassifyResponse> Classify(
      const v1::ClassifyRequest& request) const;
  absl::StatusOr<v1::Snapshot> CreateSnapshot(const std::string& name) const;
  absl::StatusOr<v1::ModelChange> StartModelChange(
      const v1::StartModelChangeRequest& request) const;
  absl::StatusOr<v1::ModelChange> GetModelChange(
      const std::string& collection) const;
  absl::StatusOr<v1::ListUnembeddedItemsResponse> ListUnembeddedItems(
      const v1::ListUnembeddedItemsRequest& request) const;
  absl::StatusOr<v1::CompareModelsResponse> CompareModels(
      const v1::CompareModelsRequest& request) const;
  absl::StatusOr<v1::ModelChange> SwitchModel(
      const v1::SwitchModelRequest& request) const;
  absl::StatusOr<v1::ModelChange> RollBackModel(
      const v1::RollBackModelRequest& request) const;
  // The ids of the models that the collection has then.
  absl::StatusOr<std::string> FinishModelChange(
      const std::string& collection) const;
  absl::StatusOr<std::string> CancelModelChange(
      const std::string& collection) const;

 private:
  const std::string address_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<v1::CollectionService::Stub> collections_;
  std::unique_ptr<v1::ItemService::Stub> items_;
  std::unique_ptr<v1::ModelService::Stub> models_;
  std::unique_ptr<v1::SearchService::Stub> search_;
};

// A server's verdict on a picture without the name of the request's field
// before its message, for those who put the file's name there. Others stay as
// they are.
absl::Status WithoutFieldName(const absl::Status& status);

// The wire's name of a space, and the way back (unspecified counts as similar).
v1::Space ToWire(Space space);
Space FromWire(v1::Space space);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_REMOTE_CLIENT_H_
