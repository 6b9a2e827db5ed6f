// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_SYNCED_WRITER_H_
#define LIKENESS_ENGINE_STORE_SYNCED_WRITER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"
#include "rocksdb/write_batch.h"

namespace likeness {

// Hears of the errors that RocksDB meets, on any thread.
class DiskErrors final : public rocksdb::EventListener {
 public:
  // RocksDB would watch a full disk from a thread of its own and stay read-only
  // until that looks again. The next write recovers it instead, whose caller
  // gets the disk's own error.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason,
                            rocksdb::Status error,
                            bool* auto_recovery) override;
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                         rocksdb::Status* error) override;

  // Whether a write to the log failed: what the file ends with is unknown.
  std::atomic<bool> log_failed{false};
};

// Writes to an instance of RocksDB, and brings it back after an error of the
// disk. Thread-safe.
//
// A write that failed may stand in the log all the same, as a whole or in part.
// So nothing is ever appended to that log again: a recovery moves what was
// acknowledged, and is in memory, into tables, and begins a new log; the old
// one is not read any more. Until that is done there is no further write. That
// is why a failed write is never followed by another one, and after a restart
// has happened as a whole or not at all.
class SyncedWriter {
 public:
  // Borrows all but `errors`, which must be among the listeners of `db`.
  // `operations` is the family of the operation log. `probe_path` is a file on
  // the same disk, made for a moment to see whether there is room.
  SyncedWriter(rocksdb::DB& db, rocksdb::ColumnFamilyHandle& catalog,
               rocksdb::ColumnFamilyHandle& operations,
               std::shared_ptr<DiskErrors> errors, std::string probe_path)
      : db_(db),
        catalog_(catalog),
        operations_(operations),
        errors_(std::move(errors)),
        probe_path_(std::move(probe_path)) {}

  // Writes `batch`, on the disk before it returns. After an error no reader
  // sees anything of it, and the instance is read-only; the next call recovers
  // it first, if that can be: after RESOURCE_EXHAUSTED it can, once there is
  // room again. Other errors leave it read-only until it is opened anew.
  absl::Status Write(rocksdb::WriteBatch& batch) ABSL_LOCKS_EXCLUDED(recovery_);

  // What Write does first. To be called before a caller is told anything that a
  // failed write, should it be found after a restart, would prove wrong.
  absl::Status Recover() ABSL_LOCKS_EXCLUDED(recovery_);

 private:
  absl::Status ProbeRoom() const;
  rocksdb::Status MarkTables() const;
  absl::StatusOr<uint64_t> CurrentLog() const;

  rocksdb::DB& db_;
  rocksdb::ColumnFamilyHandle& catalog_;
  rocksdb::ColumnFamilyHandle& operations_;
  const std::shared_ptr<DiskErrors> errors_;
  const std::string probe_path_;
  std::atomic<bool> failed_{false};
  absl::Mutex recovery_;  // Shared by writes.
  // The log that a write failed in, until a recovery has succeeded.
  std::optional<uint64_t> failed_log_ ABSL_GUARDED_BY(recovery_);
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_SYNCED_WRITER_H_
