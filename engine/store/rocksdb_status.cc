#include "engine/store/rocksdb_status.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/store/metadata_store.h"

namespace likeness {
namespace {

absl::StatusCode CodeOf(const rocksdb::Status& status) {
  if (status.IsCorruption()) return absl::StatusCode::kDataLoss;
  if (status.IsNoSpace()) return absl::StatusCode::kResourceExhausted;
  if (status.IsIOError() || status.IsBusy() || status.IsTryAgain() ||
      status.IsShutdownInProgress()) {
    return absl::StatusCode::kUnavailable;
  }
  return absl::StatusCode::kInternal;
}

}  // namespace

absl::Status FromRocksDb(const rocksdb::Status& status,
                         absl::string_view what) {
  if (status.ok()) return absl::OkStatus();
  return WithReason(
      absl::Status(CodeOf(status), absl::StrCat(what, ": ", status.ToString())),
      status.IsCorruption() ? kReasonCorruptData : kReasonStorageFailed);
}

}  // namespace likeness
