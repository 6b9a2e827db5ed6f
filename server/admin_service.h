#ifndef LIKENESS_SERVER_ADMIN_SERVICE_H_
#define LIKENESS_SERVER_ADMIN_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "likeness/v1/admin_service.grpc.pb.h"
#include "server/call_runner.h"

namespace likeness {

// likeness.v1.AdminService over the collections. Thread-safe.
class AdminServiceImpl final : public v1::AdminService::CallbackService {
 public:
  // `runner` outlives this. Snapshots go into `snapshot_folder`; empty: they
  // are refused.
  AdminServiceImpl(CallRunner& runner, std::string snapshot_folder)
      : runner_(runner), snapshot_folder_(std::move(snapshot_folder)) {}

  grpc::ServerUnaryReactor* CreateSnapshot(
      grpc::CallbackServerContext* context,
      const v1::CreateSnapshotRequest* request,
      v1::CreateSnapshotResponse* response) override;

 private:
  CallRunner& runner_;
  const std::string snapshot_folder_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_ADMIN_SERVICE_H_
