// A blocking client of the public API for tests.
#ifndef LIKENESS_TESTS_SUPPORT_API_CLIENT_H_
#define LIKENESS_TESTS_SUPPORT_API_CLIENT_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "likeness/v1/collection_service.grpc.pb.h"
#include "likeness/v1/item_service.grpc.pb.h"
#include "likeness/v1/model_service.grpc.pb.h"
#include "likeness/v1/search_service.grpc.pb.h"

namespace likeness::testing {

using ServingStatus = grpc::health::v1::HealthCheckResponse::ServingStatus;

// Arguments for a connection of its own (gRPC shares equal ones in a process)
// that takes answers of any size.
grpc::ChannelArguments OwnConnection();

// Every call has a deadline of a minute, so that a test that would hang fails.
// Errors carry reason and field as the server gave them. Thread-safe.
class ApiClient {
 public:
  // Of the server on this machine's `port`.
  explicit ApiClient(int port,
                     const grpc::ChannelArguments& arguments = OwnConnection());

  // One overload a method of the API.
  absl::StatusOr<v1::CreateCollectionResponse> Call(
      const v1::CreateCollectionRequest& request) const;
  absl::StatusOr<v1::GetCollectionResponse> Call(
      const v1::GetCollectionRequest& request) const;
  absl::StatusOr<v1::ListCollectionsResponse> Call(
      const v1::ListCollectionsRequest& request) const;
  absl::StatusOr<v1::UpdateCollectionResponse> Call(
      const v1::UpdateCollectionRequest& request) const;
  absl::StatusOr<v1::CompactCollectionResponse> Call(
      const v1::CompactCollectionRequest& request) const;
  absl::StatusOr<v1::DeleteCollectionResponse> Call(
      const v1::DeleteCollectionRequest& request) const;
  absl::StatusOr<v1::UpsertItemResponse> Call(
      const v1::UpsertItemRequest& request) const;
  absl::StatusOr<v1::UpsertItemsResponse> Call(
      const v1::UpsertItemsRequest& request) const;
  absl::StatusOr<v1::UpdateItemMetadataResponse> Call(
      const v1::UpdateItemMetadataRequest& request) const;
  absl::StatusOr<v1::GetItemResponse> Call(
      const v1::GetItemRequest& request) const;
  absl::StatusOr<v1::GetItemsResponse> Call(
      const v1::GetItemsRequest& request) const;
  absl::StatusOr<v1::ListItemsResponse> Call(
      const v1::ListItemsRequest& request) const;
  absl::StatusOr<v1::DeleteItemResponse> Call(
      const v1::DeleteItemRequest& request) const;
  absl::StatusOr<v1::DeleteItemsResponse> Call(
      const v1::DeleteItemsRequest& request) const;
  absl::StatusOr<v1::DeleteMatchingItemsResponse> Call(
      const v1::DeleteMatchingItemsRequest& request) const;
  absl::StatusOr<v1::SearchResponse> Call(
      const v1::SearchRequest& request) const;
  absl::StatusOr<v1::CompareResponse> Call(
      const v1::CompareRequest& request) const;
  absl::StatusOr<v1::ClassifyResponse> Call(
      const v1::ClassifyRequest& request) const;
  absl::StatusOr<v1::StartModelChangeResponse> Call(
      const v1::StartModelChangeRequest& request) const;
  absl::StatusOr<v1::GetModelChangeResponse> Call(
      const v1::GetModelChangeRequest& request) const;
  absl::StatusOr<v1::ListUnembeddedItemsResponse> Call(
      const v1::ListUnembeddedItemsRequest& request) const;
  absl::StatusOr<v1::CompareModelsResponse> Call(
      const v1::CompareModelsRequest& request) const;
  absl::StatusOr<v1::SwitchModelResponse> Call(
      const v1::SwitchModelRequest& request) const;
  absl::StatusOr<v1::RollBackModelResponse> Call(
      const v1::RollBackModelRequest& request) const;
  absl::StatusOr<v1::FinishModelChangeResponse> Call(
      const v1::FinishModelChangeRequest& request) const;
  absl::StatusOr<v1::CancelModelChangeResponse> Call(
      const v1::CancelModelChangeRequest& request) const;

  // grpc.health.v1 Check.
  absl::StatusOr<ServingStatus> Health(const std::string& service = "") const;

  // Watches the whole server's health until it is `wanted`; false when the
  // stream ends before.
  bool WaitForHealth(ServingStatus wanted) const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::CollectionService::Stub> collections_;
  const std::unique_ptr<v1::ItemService::Stub> items_;
  const std::unique_ptr<v1::ModelService::Stub> models_;
  const std::unique_ptr<v1::SearchService::Stub> search_;
  const std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

// Requests in the shape that most tests need.
v1::CreateCollectionRequest CreateRequest(const std::string& name);
v1::UpsertItemRequest UpsertRequest(const std::string& collection,
                                    const std::string& id,
                                    const std::string& picture);
v1::SearchRequest PictureSearch(const std::string& collection,
                                const std::string& picture, int k = 10);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_API_CLIENT_H_
