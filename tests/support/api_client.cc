#include "tests/support/api_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/rpc_status.h"

namespace likeness::testing {
namespace {

constexpr std::chrono::minutes kDeadline(1);

// Calls `method` of `stub`.
template <typename Response, typename Stub, typename Method, typename Request>
absl::StatusOr<Response> Invoke(Stub& stub, Method method,
                                const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  return response;
}

}  // namespace

grpc::ChannelArguments OwnConnection() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return arguments;
}

ApiClient::ApiClient(int port, const grpc::ChannelArguments& arguments)
    : channel_(grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port),
                                         grpc::InsecureChannelCredentials(),
                                         arguments)),
      collections_(v1::CollectionService::NewStub(channel_)),
      items_(v1::ItemService::NewStub(channel_)),
      models_(v1::ModelService::NewStub(channel_)),
      search_(v1::SearchService::NewStub(channel_)),
      health_(grpc::health::v1::Health::NewStub(channel_)) {}

absl::StatusOr<v1::CreateCollectionResponse> ApiClient::Call(
    const v1::CreateCollectionRequest& request) const {
  return Invoke<v1::CreateCollectionResponse>(
      *collections_, &v1::CollectionService::Stub::CreateCollection, request);
}

absl::StatusOr<v1::GetCollectionResponse> ApiClient::Call(
    const v1::GetCollectionRequest& request) const {
  return Invoke<v1::GetCollectionResponse>(
      *collections_, &v1::CollectionService::Stub::GetCollection, request);
}

absl::StatusOr<v1::ListCollectionsResponse> ApiClient::Call(
    const v1::ListCollectionsRequest& request) const {
  return Invoke<v1::ListCollectionsResponse>(
      *collections_, &v1::CollectionService::Stub::ListCollections, request);
}

absl::StatusOr<v1::UpdateCollectionResponse> ApiClient::Call(
    const v1::UpdateCollectionRequest& request) const {
  return Invoke<v1::UpdateCollectionResponse>(
      *collections_, &v1::CollectionService::Stub::UpdateCollection, request);
}

absl::StatusOr<v1::CompactCollectionResponse> ApiClient::Call(
    const v1::CompactCollectionRequest& request) const {
  return Invoke<v1::CompactCollectionResponse>(
      *collections_, &v1::CollectionService::Stub::CompactCollection, request);
}

absl::StatusOr<v1::DeleteCollectionResponse> ApiClient::Call(
    const v1::DeleteCollectionRequest& request) const {
  return Invoke<v1::DeleteCollectionResponse>(
      *collections_, &v1::CollectionService::Stub::DeleteCollection, request);
}

absl::StatusOr<v1::UpsertItemResponse> ApiClient::Call(
    const v1::UpsertItemRequest& request) const {
  return Invoke<v1::UpsertItemResponse>(
      *items_, &v1::ItemService::Stub::UpsertItem, request);
}

absl::StatusOr<v1::GetItemResponse> ApiClient::Call(
    const v1::GetItemRequest& request) const {
  return Invoke<v1::GetItemResponse>(*items_, &v1::ItemService::Stub::GetItem,
                                     request);
}

absl::StatusOr<v1::ListItemsResponse> ApiClient::Call(
    const v1::ListItemsRequest& request) const {
  return Invoke<v1::ListItemsResponse>(
      *items_, &v1::ItemService::Stub::ListItems, request);
}

absl::StatusOr<v1::DeleteItemResponse> ApiClient::Call(
    const v1::DeleteItemRequest& request) const {
  return Invoke<v1::DeleteItemResponse>(
      *items_, &v1::ItemService::Stub::DeleteItem, request);
}

absl::StatusOr<v1::UpsertItemsResponse> ApiClient::Call(
    const v1::UpsertItemsRequest& request) const {
  return Invoke<v1::UpsertItemsResponse>(
      *items_, &v1::ItemService::Stub::UpsertItems, request);
}

absl::StatusOr<v1::UpdateItemMetadataResponse> ApiClient::Call(
    const v1::UpdateItemMetadataRequest& request) const {
  return Invoke<v1::UpdateItemMetadataResponse>(
      *items_, &v1::ItemService::Stub::UpdateItemMetadata, request);
}

absl::StatusOr<v1::GetItemsResponse> ApiClient::Call(
    const v1::GetItemsRequest& request) const {
  return Invoke<v1::GetItemsResponse>(*items_, &v1::ItemService::Stub::GetItems,
                                      request);
}

absl::StatusOr<v1::DeleteItemsResponse> ApiClient::Call(
    const v1::DeleteItemsRequest& request) const {
  return Invoke<v1::DeleteItemsResponse>(
      *items_, &v1::ItemService::Stub::DeleteItems, request);
}

absl::StatusOr<v1::DeleteMatchingItemsResponse> ApiClient::Call(
    const v1::DeleteMatchingItemsRequest& request) const {
  return Invoke<v1::DeleteMatchingItemsResponse>(
      *items_, &v1::ItemService::Stub::DeleteMatchingItems, request);
}

absl::StatusOr<v1::SearchResponse> ApiClient::Call(
    const v1::SearchRequest& request) const {
  return Invoke<v1::SearchResponse>(*search_, &v1::SearchService::Stub::Search,
                                    request);
}

absl::StatusOr<v1::CompareResponse> ApiClient::Call(
    const v1::CompareRequest& request) const {
  return Invoke<v1::CompareResponse>(
      *search_, &v1::SearchService::Stub::Compare, request);
}

absl::StatusOr<v1::ClassifyResponse> ApiClient::Call(
    const v1::ClassifyRequest& request) const {
  return Invoke<v1::ClassifyResponse>(
      *search_, &v1::SearchService::Stub::Classify, request);
}

absl::StatusOr<v1::StartModelChangeResponse> ApiClient::Call(
    const v1::StartModelChangeRequest& request) const {
  return Invoke<v1::StartModelChangeResponse>(
      *models_, &v1::ModelService::Stub::StartModelChange, request);
}

absl::StatusOr<v1::GetModelChangeResponse> ApiClient::Call(
    const v1::GetModelChangeRequest& request) const {
  return Invoke<v1::GetModelChangeResponse>(
      *models_, &v1::ModelService::Stub::GetModelChange, request);
}

absl::StatusOr<v1::ListUnembeddedItemsResponse> ApiClient::Call(
    const v1::ListUnembeddedItemsRequest& request) const {
  return Invoke<v1::ListUnembeddedItemsResponse>(
      *models_, &v1::ModelService::Stub::ListUnembeddedItems, request);
}

absl::StatusOr<v1::CompareModelsResponse> ApiClient::Call(
    const v1::CompareModelsRequest& request) const {
  return Invoke<v1::CompareModelsResponse>(
      *models_, &v1::ModelService::Stub::CompareModels, request);
}

absl::StatusOr<v1::SwitchModelResponse> ApiClient::Call(
    const v1::SwitchModelRequest& request) const {
  return Invoke<v1::SwitchModelResponse>(
      *models_, &v1::ModelService::Stub::SwitchModel, request);
}

absl::StatusOr<v1::RollBackModelResponse> ApiClient::Call(
    const v1::RollBackModelRequest& request) const {
  return Invoke<v1::RollBackModelResponse>(
      *models_, &v1::ModelService::Stub::RollBackModel, request);
}

absl::StatusOr<v1::FinishModelChangeResponse> ApiClient::Call(
    const v1::FinishModelChangeRequest& request) const {
  return Invoke<v1::FinishModelChangeResponse>(
      *models_, &v1::ModelService::Stub::FinishModelChange, request);
}

absl::StatusOr<v1::CancelModelChangeResponse> ApiClient::Call(
    const v1::CancelModelChangeRequest& request) const {
  return Invoke<v1::CancelModelChangeResponse>(
      *models_, &v1::ModelService::Stub::CancelModelChange, request);
}

absl::StatusOr<ServingStatus> ApiClient::Health(
    const std::string& service) const {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  const auto response = Invoke<grpc::health::v1::HealthCheckResponse>(
      *health_, &grpc::health::v1::Health::Stub::Check, request);
  if (!response.ok()) return response.status();
  return response->status();
}

bool ApiClient::WaitForHealth(ServingStatus wanted) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  const auto stream = health_->Watch(&context, {});
  grpc::health::v1::HealthCheckResponse response;
  while (stream->Read(&response)) {
    if (response.status() == wanted) {
      context.TryCancel();
      return true;
    }
  }
  return false;
}

v1::CreateCollectionRequest CreateRequest(const std::string& name) {
  v1::CreateCollectionRequest request;
  request.set_name(name);
  return request;
}

v1::UpsertItemRequest UpsertRequest(const std::string& collection,
                                    const std::string& id,
                                    const std::string& picture) {
  v1::UpsertItemRequest request;
  request.set_collection(collection);
  request.mutable_item()->set_id(id);
  request.set_picture(picture);
  return request;
}

v1::SearchRequest PictureSearch(const std::string& collection,
                                const std::string& picture, int k) {
  v1::SearchRequest request;
  request.set_collection(collection);
  request.set_picture(picture);
  request.set_k(k);
  return request;
}

}  // namespace likeness::testing
