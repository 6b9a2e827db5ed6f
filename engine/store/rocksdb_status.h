// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_ROCKSDB_STATUS_H_
#define LIKENESS_ENGINE_STORE_ROCKSDB_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/status.h"

namespace likeness {

// Corruption becomes DATA_LOSS (reason CORRUPT_DATA), a full disk
// RESOURCE_EXHAUSTED, other I/O errors UNAVAILABLE. RocksDB's text, which names
// the file at fault, is kept.
absl::Status FromRocksDb(const rocksdb::Status& status, absl::string_view what);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ROCKSDB_STATUS_H_
