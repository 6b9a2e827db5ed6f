// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_TAKE_SNAPSHOT_H_
#define LIKENESS_ENGINE_STORE_TAKE_SNAPSHOT_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/snapshot_manifest.h"

namespace likeness {

// As Database::Snapshot.
absl::StatusOr<SnapshotManifest> TakeSnapshot(const RocksDbHandle& handle,
                                              const std::string& folder);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_TAKE_SNAPSHOT_H_
