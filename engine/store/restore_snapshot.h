#ifndef LIKENESS_ENGINE_STORE_RESTORE_SNAPSHOT_H_
#define LIKENESS_ENGINE_STORE_RESTORE_SNAPSHOT_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/store/snapshot_manifest.h"

namespace likeness {

// Makes the data directory `to`, which must not be there or be empty, from the
// snapshot `from`: copies the files beside it, checks size and checksum of
// each, and gives them the name only when all are right and synced. The
// snapshot stays as it is. What it was is returned.
//
// Errors as ReadSnapshotManifest; ALREADY_EXISTS when `to` has something in it;
// DATA_LOSS (reason CORRUPT_DATA) names the file that is not what was written.
// After an error nothing was put in place.
absl::StatusOr<SnapshotManifest> RestoreSnapshot(const std::string& from,
                                                 const std::string& to);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_RESTORE_SNAPSHOT_H_
