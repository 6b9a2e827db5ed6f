#include "server/admin_service.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/database.h"
#include "engine/store/snapshot_manifest.h"
#include "server/convert.h"
#include "server/reasons.h"

namespace likeness {
namespace {

void ToWire(const SnapshotManifest& manifest, v1::Snapshot& wire) {
  TimeToWire(manifest.created, *wire.mutable_create_time());
  wire.set_file_count(static_cast<int64_t>(manifest.files.size()));
  wire.set_size_bytes(static_cast<int64_t>(manifest.size_bytes()));
  for (const SnapshotManifest::Collection& collection : manifest.collections) {
    v1::SnapshotCollection& entry = *wire.add_collections();
    entry.set_name(collection.name);
    entry.set_item_count(static_cast<int64_t>(collection.live_items));
    entry.set_last_op_id(collection.last_op_id);
  }
}

absl::Status CreateSnapshot(const Call& call, const std::string& folder,
                            const v1::CreateSnapshotRequest& request,
                            v1::CreateSnapshotResponse& response) {
  if (folder.empty()) {
    return WithReason(
        absl::FailedPreconditionError(
            "the server was started without a folder for snapshots"),
        kReasonSnapshotsOff);
  }
  RETURN_IF_ERROR(ValidateName(request.name()));
  const std::string path = absl::StrCat(folder, "/", request.name());
  const absl::StatusOr<SnapshotManifest> manifest =
      call.collections().Snapshot(path);
  if (absl::IsAlreadyExists(manifest.status())) {
    return WithField(WithReason(manifest.status(), kReasonSnapshotExists),
                     "name");
  }
  RETURN_IF_ERROR(manifest.status());
  response.mutable_snapshot()->set_path(path);
  ToWire(*manifest, *response.mutable_snapshot());
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* AdminServiceImpl::CreateSnapshot(
    grpc::CallbackServerContext* context,
    const v1::CreateSnapshotRequest* request,
    v1::CreateSnapshotResponse* response) {
  return runner_.Run(context, [this, request, response](const Call& call) {
    return likeness::CreateSnapshot(call, snapshot_folder_, *request,
                                    *response);
  });
}

}  // namespace likeness
