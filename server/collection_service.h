#ifndef LIKENESS_SERVER_COLLECTION_SERVICE_H_
#define LIKENESS_SERVER_COLLECTION_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "likeness/v1/collection_service.grpc.pb.h"
#include "server/call_runner.h"

namespace likeness {

// likeness.v1.CollectionService over a CollectionSet. Thread-safe.
class CollectionServiceImpl final
    : public v1::CollectionService::CallbackService {
 public:
  // `runner` outlives this.
  explicit CollectionServiceImpl(CallRunner& runner) : runner_(runner) {}

  grpc::ServerUnaryReactor* CreateCollection(
      grpc::CallbackServerContext* context,
      const v1::CreateCollectionRequest* request,
      v1::CreateCollectionResponse* response) override;
  grpc::ServerUnaryReactor* GetCollection(
      grpc::CallbackServerContext* context,
      const v1::GetCollectionRequest* request,
      v1::GetCollectionResponse* response) override;
  grpc::ServerUnaryReactor* ListCollections(
      grpc::CallbackServerContext* context,
      const v1::ListCollectionsRequest* request,
      v1::ListCollectionsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateCollection(
      grpc::CallbackServerContext* context,
      const v1::UpdateCollectionRequest* request,
      v1::UpdateCollectionResponse* response) override;
  grpc::ServerUnaryReactor* CompactCollection(
      grpc::CallbackServerContext* context,
      const v1::CompactCollectionRequest* request,
      v1::CompactCollectionResponse* response) override;
  grpc::ServerUnaryReactor* DeleteCollection(
      grpc::CallbackServerContext* context,
      const v1::DeleteCollectionRequest* request,
      v1::DeleteCollectionResponse* response) override;

 private:
  CallRunner& runner_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_COLLECTION_SERVICE_H_
