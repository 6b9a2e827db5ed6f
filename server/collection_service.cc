#include "server/collection_service.h"

#include <memory>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"
#include "server/reasons.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

absl::Status Create(const Call& call,
                    const v1::CreateCollectionRequest& request,
                    v1::CreateCollectionResponse& response) {
  ASSIGN_OR_RETURN(const CollectionSpec spec,
                   SpecFromWire(request, call.model()));
  absl::StatusOr<std::shared_ptr<Collection>> made =
      call.collections().Create(spec);
  if (absl::IsAlreadyExists(made.status())) {
    return WithField(WithReason(made.status(), kReasonCollectionExists),
                     "name");
  }
  RETURN_IF_ERROR(made.status());
  ToWire(**made, *response.mutable_collection());
  return absl::OkStatus();
}

absl::Status Get(const Call& call, const v1::GetCollectionRequest& request,
                 v1::GetCollectionResponse& response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Collection> collection,
                   FindCollection(call.collections(), request.name(), "name"));
  ToWire(*collection, *response.mutable_collection());
  return absl::OkStatus();
}

absl::Status List(const Call& call, v1::ListCollectionsResponse& response) {
  std::vector<std::shared_ptr<Collection>> all = call.collections().List();
  absl::c_sort(all, [](const auto& a, const auto& b) {
    return a->spec().name < b->spec().name;
  });
  for (const std::shared_ptr<Collection>& collection : all) {
    ToWire(*collection, *response.add_collections());
  }
  return absl::OkStatus();
}

absl::Status Update(const Call& call,
                    const v1::UpdateCollectionRequest& request,
                    v1::UpdateCollectionResponse& response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Collection> collection,
                   FindCollection(call.collections(), request.name(), "name"));
  ASSIGN_OR_RETURN(const auto change, ChangeFromWire(request));
  RETURN_IF_ERROR(BlameMissing(
      call.collections().UpdateIndexOptions(request.name(), change).status(),
      kReasonCollectionNotFound, "name"));
  ToWire(*collection, *response.mutable_collection());
  return absl::OkStatus();
}

absl::Status Compact(const Call& call,
                     const v1::CompactCollectionRequest& request,
                     v1::CompactCollectionResponse& response) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Collection> collection,
                   FindCollection(call.collections(), request.name(), "name"));
  collection->StartCompaction();
  ToWire(collection->stats().compaction, *response.mutable_compaction());
  return absl::OkStatus();
}

absl::Status Delete(const Call& call,
                    const v1::DeleteCollectionRequest& request) {
  if (request.name().empty()) return InvalidField("name", "is not given");
  return BlameMissing(call.collections().Drop(request.name()),
                      kReasonCollectionNotFound, "name");
}

}  // namespace

grpc::ServerUnaryReactor* CollectionServiceImpl::CreateCollection(
    grpc::CallbackServerContext* context,
    const v1::CreateCollectionRequest* request,
    v1::CreateCollectionResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Create(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* CollectionServiceImpl::GetCollection(
    grpc::CallbackServerContext* context,
    const v1::GetCollectionRequest* request,
    v1::GetCollectionResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Get(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* CollectionServiceImpl::ListCollections(
    grpc::CallbackServerContext* context,
    const v1::ListCollectionsRequest* /*request*/,
    v1::ListCollectionsResponse* response) {
  return runner_.Run(
      context, [response](const Call& call) { return List(call, *response); });
}

grpc::ServerUnaryReactor* CollectionServiceImpl::UpdateCollection(
    grpc::CallbackServerContext* context,
    const v1::UpdateCollectionRequest* request,
    v1::UpdateCollectionResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Update(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* CollectionServiceImpl::CompactCollection(
    grpc::CallbackServerContext* context,
    const v1::CompactCollectionRequest* request,
    v1::CompactCollectionResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Compact(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* CollectionServiceImpl::DeleteCollection(
    grpc::CallbackServerContext* context,
    const v1::DeleteCollectionRequest* request,
    v1::DeleteCollectionResponse* /*response*/) {
  return runner_.Run(
      context, [request](const Call& call) { return Delete(call, *request); });
}

}  // namespace likeness
