#include "engine/store/synced_writer.h"

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
  if (failed_) RETURN_IF_ERROR(Recover());
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

absl::Status SyncedWriter::Recover() {
  absl::WriterMutexLock lock(&recovery_);
  if (!failed_) return absl::OkStatus();
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
