#include "engine/store/synced_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/metadata_store.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/options.h"
#include "rocksdb/transaction_log.h"

namespace likeness {
namespace {

constexpr absl::string_view kReadOnly = "the store is read-only";
constexpr absl::string_view kUntilReopened =
    "the store is read-only until the data directory is opened anew";
// Beside what memory holds, for the new log and the tables' own overhead.
constexpr uint64_t kSpareRoomBytes = uint64_t{16} << 20;
// A key that no record has.
constexpr char kNoKey[] = "\xff";

}  // namespace

void DiskErrors::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                      rocksdb::Status /*error*/,
                                      bool* auto_recovery) {
  *auto_recovery = false;
}

void DiskErrors::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                   rocksdb::Status* /*error*/) {
  if (reason == rocksdb::BackgroundErrorReason::kWriteCallback) {
    log_failed = true;
  }
}

absl::Status SyncedWriter::Write(rocksdb::WriteBatch& batch) {
  RETURN_IF_ERROR(Recover());
  absl::ReaderMutexLock lock(&recovery_);
  rocksdb::Status written = MarkTables();
  if (written.ok()) {
    rocksdb::WriteOptions options;
    options.sync = true;
    options.protection_bytes_per_key = 8;
    written = db_.Write(options, &batch);
  }
  if (!written.ok()) failed_ = true;
  return FromRocksDb(written, "cannot write");
}

// A recovery begins a new log only when there is something to move into tables,
// and forgets the old one in the same step only when two families have. Neither
// has when all was moved a moment ago, by a start or a snapshot: then a
// deletion of nothing, which the log need not have, is put in their memory.
rocksdb::Status SyncedWriter::MarkTables() const {
  uint64_t entries = 0;
  const bool known = db_.GetIntProperty(
      &operations_, rocksdb::DB::Properties::kNumEntriesActiveMemTable,
      &entries);
  // Whatever writes an operation writes to the catalog too.
  if (known && entries > 0) return rocksdb::Status::OK();
  rocksdb::WriteBatch mark;
  rocksdb::Status status = mark.Delete(&catalog_, kNoKey);
  if (status.ok()) status = mark.Delete(&operations_, kNoKey);
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return status.ok() ? db_.Write(options, &mark) : status;
}

absl::StatusOr<uint64_t> SyncedWriter::CurrentLog() const {
  std::unique_ptr<rocksdb::LogFile> file;
  RETURN_IF_ERROR(FromRocksDb(db_.GetCurrentWalFile(&file), kReadOnly));
  return file->LogNumber();
}

// A recovery that finds no room leaves RocksDB read-only for good, so it is not
// begun without. It writes what is in memory.
absl::Status SyncedWriter::ProbeRoom() const {
  uint64_t bytes = 0;
  db_.GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables,
                               &bytes);
  const int descriptor =
      open(probe_path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  int error = errno;
  if (descriptor >= 0) {
    error = posix_fallocate(descriptor, 0,
                            static_cast<off_t>(bytes + kSpareRoomBytes));
    close(descriptor);
    unlink(probe_path_.c_str());
  }
  if (error == 0) return absl::OkStatus();
  const bool full = error == ENOSPC || error == EDQUOT;
  return WithReason(absl::Status(full ? absl::StatusCode::kResourceExhausted
                                      : absl::StatusCode::kUnavailable,
                                 absl::StrCat(kReadOnly, ": ", probe_path_,
                                              ": ", std::strerror(error))),
                    kReasonStorageFailed);
}

absl::Status SyncedWriter::Recover() {
  if (!failed_) return absl::OkStatus();
  absl::WriterMutexLock lock(&recovery_);
  if (!failed_) return absl::OkStatus();
  RETURN_IF_ERROR(ProbeRoom());
  if (!failed_log_.has_value()) {
    ASSIGN_OR_RETURN(failed_log_, CurrentLog());
  }
  const rocksdb::Status resumed = db_.Resume();
  if (resumed.severity() > rocksdb::Status::Severity::kHardError) {
    return FromRocksDb(resumed, kUntilReopened);
  }
  RETURN_IF_ERROR(FromRocksDb(resumed, kReadOnly));
  if (errors_->log_failed) {
    ASSIGN_OR_RETURN(const uint64_t log, CurrentLog());
    if (log == failed_log_) {
      return WithReason(
          absl::UnavailableError(absl::StrCat(
              kUntilReopened, ": a write to log ", log, " failed")),
          kReasonStorageFailed);
    }
    errors_->log_failed = false;
  }
  failed_log_.reset();
  failed_ = false;
  return absl::OkStatus();
}

}  // namespace likeness
