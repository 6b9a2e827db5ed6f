#ifndef LIKENESS_SERVER_MODEL_SERVICE_H_
#define LIKENESS_SERVER_MODEL_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "likeness/v1/model_service.grpc.pb.h"
#include "server/call_runner.h"

namespace likeness {

// likeness.v1.ModelService over the collections and a ModelChanger.
// Thread-safe.
class ModelServiceImpl final : public v1::ModelService::CallbackService {
 public:
  // `runner` outlives this.
  explicit ModelServiceImpl(CallRunner& runner) : runner_(runner) {}

  grpc::ServerUnaryReactor* StartModelChange(
      grpc::CallbackServerContext* context,
      const v1::StartModelChangeRequest* request,
      v1::StartModelChangeResponse* response) override;
  grpc::ServerUnaryReactor* GetModelChange(
      grpc::CallbackServerContext* context,
      const v1::GetModelChangeRequest* request,
      v1::GetModelChangeResponse* response) override;
  grpc::ServerUnaryReactor* ListUnembeddedItems(
      grpc::CallbackServerContext* context,
      const v1::ListUnembeddedItemsRequest* request,
      v1::ListUnembeddedItemsResponse* response) override;
  grpc::ServerUnaryReactor* CompareModels(
      grpc::CallbackServerContext* context,
      const v1::CompareModelsRequest* request,
      v1::CompareModelsResponse* response) override;
  grpc::ServerUnaryReactor* SwitchModel(
      grpc::CallbackServerContext* context,
      const v1::SwitchModelRequest* request,
      v1::SwitchModelResponse* response) override;
  grpc::ServerUnaryReactor* RollBackModel(
      grpc::CallbackServerContext* context,
      const v1::RollBackModelRequest* request,
      v1::RollBackModelResponse* response) override;
  grpc::ServerUnaryReactor* FinishModelChange(
      grpc::CallbackServerContext* context,
      const v1::FinishModelChangeRequest* request,
      v1::FinishModelChangeResponse* response) override;
  grpc::ServerUnaryReactor* CancelModelChange(
      grpc::CallbackServerContext* context,
      const v1::CancelModelChangeRequest* request,
      v1::CancelModelChangeResponse* response) override;

 private:
  CallRunner& runner_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_MODEL_SERVICE_H_
