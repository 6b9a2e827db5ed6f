#ifndef LIKENESS_ENGINE_STORE_RECORD_BATCH_H_
#define LIKENESS_ENGINE_STORE_RECORD_BATCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/store/keys.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/write_batch.h"

namespace likeness {

// RocksDB's write batch over families and statuses of this folder. Borrows the
// handle.
class RecordBatch {
 public:
  explicit RecordBatch(const RocksDbHandle& handle) : handle_(handle) {}

  absl::Status Put(Family family, absl::string_view key,
                   absl::string_view value) {
    return FromRocksDb(
        batch_.Put(handle_.family(family), ToSlice(key), ToSlice(value)),
        "cannot write");
  }
  absl::Status Delete(Family family, absl::string_view key) {
    return FromRocksDb(batch_.Delete(handle_.family(family), ToSlice(key)),
                       "cannot write");
  }

  // Every record of `collection` in `family`.
  absl::Status DeleteAll(Family family, uint32_t collection) {
    return FromRocksDb(
        batch_.DeleteRange(handle_.family(family), CollectionPrefix(collection),
                           PrefixAfter(collection)),
        "cannot write");
  }

  rocksdb::WriteBatch& get() { return batch_; }

 private:
  const RocksDbHandle& handle_;
  rocksdb::WriteBatch batch_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_RECORD_BATCH_H_
