#include "tools/remote_client.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "grpcpp/grpcpp.h"
#include "server/rpc_status.h"
#include "tools/hint.h"

namespace likeness {
namespace {

constexpr std::chrono::seconds kDeadline{120};
// Of what goes through a whole collection, or a whole directory.
constexpr std::chrono::hours kLongDeadline{24};

// Every call may be repeated: reads change nothing, an upsert that is sent
// twice leaves what one leaves, other writes carry a request id, and a step of
// a change of model is refused the second time.
constexpr char kServiceConfig[] = R"({"methodConfig": [{
  "name": [{}],
  "retryPolicy": {
    "maxAttempts": 4, "initialBackoff": "0.3s", "maxBackoff": "2s",
    "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]
  }
}]})";

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  // The server decides how large a picture may be.
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(const std::string& address, Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request,
                              std::chrono::seconds deadline = kDeadline) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (status.ok()) return response;
  absl::Status result = FromGrpcStatus(status);
  if (absl::IsUnavailable(result) && ReasonOf(result).empty()) {
    return WithReason(absl::UnavailableError(absl::StrCat(
                          "no answer from ", address, ": ", result.message())),
                      kReasonNoAnswer);
  }
  return result;
}

}  // namespace

RemoteClient::RemoteClient(const std::string& address) : address_(address) {
  const std::shared_ptr<grpc::Channel> channel = MakeChannel(address);
  admin_ = v1::AdminService::NewStub(channel);
  collections_ = v1::CollectionService::NewStub(channel);
  items_ = v1::ItemService::NewStub(channel);
  models_ = v1::ModelService::NewStub(channel);
  search_ = v1::SearchService::NewStub(channel);
}

absl::StatusOr<v1::Collection> RemoteClient::GetCollection(
    const std::string& name) const {
  v1::GetCollectionRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(v1::GetCollectionResponse response,
                   Call(address_, *collections_,
                        &v1::CollectionService::Stub::GetCollection, request));
  return std::move(*response.mutable_collection());
}

absl::StatusOr<v1::Collection> RemoteClient::CreateCollection(
    const v1::CreateCollectionRequest& request) const {
  ASSIGN_OR_RETURN(
      v1::CreateCollectionResponse response,
      Call(address_, *collections_,
           &v1::CollectionService::Stub::CreateCollection, request));
  return std::move(*response.mutable_collection());
}

absl::StatusOr<v1::Collection> RemoteClient::UpdateCollection(
    const v1::UpdateCollectionRequest& request) const {
  ASSIGN_OR_RETURN(
      v1::UpdateCollectionResponse response,
      Call(address_, *collections_,
           &v1::CollectionService::Stub::UpdateCollection, request));
  return std::move(*response.mutable_collection());
}

absl::StatusOr<v1::CompactCollectionResponse> RemoteClient::CompactCollection(
    const std::string& name) const {
  v1::CompactCollectionRequest request;
  request.set_name(name);
  return Call(address_, *collections_,
              &v1::CollectionService::Stub::CompactCollection, request);
}

absl::StatusOr<v1::ListCollectionsResponse> RemoteClient::ListCollections()
    const {
  return Call(address_, *collections_,
              &v1::CollectionService::Stub::ListCollections,
              v1::ListCollectionsRequest());
}

absl::StatusOr<v1::UpsertItemResponse> RemoteClient::UpsertItem(
    const v1::UpsertItemRequest& request) const {
  return Call(address_, *items_, &v1::ItemService::Stub::UpsertItem, request);
}

absl::StatusOr<v1::Item> RemoteClient::GetItem(const std::string& collection,
                                               const std::string& id) const {
  v1::GetItemRequest request;
  request.set_collection(collection);
  request.set_id(id);
  ASSIGN_OR_RETURN(
      v1::GetItemResponse response,
      Call(address_, *items_, &v1::ItemService::Stub::GetItem, request));
  return std::move(*response.mutable_item());
}

absl::StatusOr<v1::GetItemsResponse> RemoteClient::GetItems(
    const v1::GetItemsRequest& request) const {
  return Call(address_, *items_, &v1::ItemService::Stub::GetItems, request);
}

absl::StatusOr<v1::UpdateItemMetadataResponse> RemoteClient::UpdateItemMetadata(
    const v1::UpdateItemMetadataRequest& request) const {
  return Call(address_, *items_, &v1::ItemService::Stub::UpdateItemMetadata,
              request);
}

absl::StatusOr<v1::DeleteItemsResponse> RemoteClient::DeleteItems(
    const v1::DeleteItemsRequest& request) const {
  return Call(address_, *items_, &v1::ItemService::Stub::DeleteItems, request);
}

absl::StatusOr<v1::DeleteMatchingItemsResponse>
RemoteClient::DeleteMatchingItems(
    const v1::DeleteMatchingItemsRequest& request) const {
  return Call(address_, *items_, &v1::ItemService::Stub::DeleteMatchingItems,
              request, kLongDeadline);
}

absl::StatusOr<v1::SearchResponse> RemoteClient::Search(
    const v1::SearchRequest& request) const {
  return Call(address_, *search_, &v1::SearchService::Stub::Search, request);
}

absl::StatusOr<v1::CompareResponse> RemoteClient::Compare(
    const v1::CompareRequest& request) const {
  return Call(address_, *search_, &v1::SearchService::Stub::Compare, request);
}

absl::StatusOr<v1::ClassifyResponse> RemoteClient::Classify(
    const v1::ClassifyRequest& request) const {
  return Call(address_, *search_, &v1::SearchService::Stub::Classify, request);
}

absl::StatusOr<v1::Snapshot> RemoteClient::CreateSnapshot(
    const std::string& name) const {
  v1::CreateSnapshotRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(
      v1::CreateSnapshotResponse response,
      Call(address_, *admin_, &v1::AdminService::Stub::CreateSnapshot, request,
           kLongDeadline));
  return std::move(*response.mutable_snapshot());
}

absl::StatusOr<v1::ModelChange> RemoteClient::StartModelChange(
    const v1::StartModelChangeRequest& request) const {
  ASSIGN_OR_RETURN(
      v1::StartModelChangeResponse response,
      Call(address_, *models_, &v1::ModelService::Stub::StartModelChange,
           request, kLongDeadline));
  return std::move(*response.mutable_change());
}

absl::StatusOr<v1::ModelChange> RemoteClient::GetModelChange(
    const std::string& collection) const {
  v1::GetModelChangeRequest request;
  request.set_collection(collection);
  ASSIGN_OR_RETURN(v1::GetModelChangeResponse response,
                   Call(address_, *models_,
                        &v1::ModelService::Stub::GetModelChange, request));
  return std::move(*response.mutable_change());
}

absl::StatusOr<v1::ListUnembeddedItemsResponse>
RemoteClient::ListUnembeddedItems(
    const v1::ListUnembeddedItemsRequest& request) const {
  return Call(address_, *models_, &v1::ModelService::Stub::ListUnembeddedItems,
              request);
}

absl::StatusOr<v1::CompareModelsResponse> RemoteClient::CompareModels(
    const v1::CompareModelsRequest& request) const {
  return Call(address_, *models_, &v1::ModelService::Stub::CompareModels,
              request, kLongDeadline);
}

absl::StatusOr<v1::ModelChange> RemoteClient::SwitchModel(
    const v1::SwitchModelRequest& request) const {
  ASSIGN_OR_RETURN(
      v1::SwitchModelResponse response,
      Call(address_, *models_, &v1::ModelService::Stub::SwitchModel, request));
  return std::move(*response.mutable_change());
}

absl::StatusOr<v1::ModelChange> RemoteClient::RollBackModel(
    const v1::RollBackModelRequest& request) const {
  ASSIGN_OR_RETURN(v1::RollBackModelResponse response,
                   Call(address_, *models_,
                        &v1::ModelService::Stub::RollBackModel, request));
  return std::move(*response.mutable_change());
}

absl::StatusOr<std::string> RemoteClient::FinishModelChange(
    const std::string& collection) const {
  v1::FinishModelChangeRequest request;
  request.set_collection(collection);
  ASSIGN_OR_RETURN(const v1::FinishModelChangeResponse response,
                   Call(address_, *models_,
                        &v1::ModelService::Stub::FinishModelChange, request));
  return response.model_id();
}

absl::StatusOr<std::string> RemoteClient::CancelModelChange(
    const std::string& collection) const {
  v1::CancelModelChangeRequest request;
  request.set_collection(collection);
  ASSIGN_OR_RETURN(const v1::CancelModelChangeResponse response,
                   Call(address_, *models_,
                        &v1::ModelService::Stub::CancelModelChange, request));
  return response.model_id();
}

absl::Status WithoutFieldName(const absl::Status& status) {
  absl::string_view message = status.message();
  if (!IsBadPicture(status) ||
      !absl::ConsumePrefix(&message, absl::StrCat(FieldOf(status), ": "))) {
    return status;
  }
  return WithField(
      WithReason(absl::Status(status.code(), message), ReasonOf(status)),
      FieldOf(status));
}

v1::Space ToWire(Space space) {
  return space == Space::kCopy ? v1::SPACE_COPY : v1::SPACE_SIMILAR;
}

Space FromWire(v1::Space space) {
  return space == v1::SPACE_COPY ? Space::kCopy : Space::kSimilar;
}

}  // namespace likeness
