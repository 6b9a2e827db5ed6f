// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_COMPACT_COLLECTION_H_
#define LIKENESS_ENGINE_STORE_COMPACT_COLLECTION_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/store/metadata_store.h"
#include "engine/store/rocksdb_handle.h"

namespace likeness {

// See MetadataStore::DiskBytes and Compact, of collection `number`.
absl::StatusOr<uint64_t> DiskBytesOf(const RocksDbHandle& handle,
                                     uint32_t number);
absl::Status CompactCollection(const RocksDbHandle& handle, uint32_t number,
                               const MetadataStore::ShareDone& progress,
                               std::atomic<bool>& stop);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_COMPACT_COLLECTION_H_
