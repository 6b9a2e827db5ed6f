// What changes of the catalog write beside its own records. Private to
// engine/store.
#ifndef LIKENESS_ENGINE_STORE_CATALOG_BATCH_H_
#define LIKENESS_ENGINE_STORE_CATALOG_BATCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "engine/store/record_batch.h"
#include "engine/store/rocksdb_handle.h"

namespace likeness {

// Removes every record of the collection numbered `number`, and its state.
absl::Status AddRemoval(uint32_t number, RecordBatch& batch);

// Lets `to` remember the requests that `from` does, and no other.
absl::Status AddRequests(const RocksDbHandle& handle, uint32_t from,
                         uint32_t to, RecordBatch& batch);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_CATALOG_BATCH_H_
