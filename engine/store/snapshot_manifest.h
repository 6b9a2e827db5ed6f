// The file SNAPSHOT, which makes a folder a snapshot.
#ifndef LIKENESS_ENGINE_STORE_SNAPSHOT_MANIFEST_H_
#define LIKENESS_ENGINE_STORE_SNAPSHOT_MANIFEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace likeness {

inline constexpr absl::string_view kSnapshotFileName = "SNAPSHOT";

// Whether `folder` is a snapshot; not whether it is a good one.
bool IsSnapshot(const std::string& folder);

struct SnapshotManifest {
  struct Collection {
    std::string name;
    uint64_t last_op_id = 0;  // It has all operations up to this one.
    uint64_t live_items = 0;
  };
  struct File {
    std::string path;  // Relative to the snapshot's folder.
    uint64_t size_bytes = 0;
    uint64_t checksum = 0;  // Checksum64.
  };

  absl::Time created;
  std::vector<Collection> collections;  // By name.
  std::vector<File> files;              // By path; all but SNAPSHOT itself.

  uint64_t size_bytes() const;
};

// Every file below `folder` but SNAPSHOT, read from its first byte to its last
// and synced.
absl::StatusOr<std::vector<SnapshotManifest::File>> SealFiles(
    const std::string& folder);

// The last step of a snapshot: durable when it returns.
absl::Status WriteSnapshotManifest(const std::string& folder,
                                   const SnapshotManifest& manifest);

// NOT_FOUND when `folder` is no snapshot, or one that was interrupted;
// DATA_LOSS (reason CORRUPT_DATA) when its manifest is not what was written.
absl::StatusOr<SnapshotManifest> ReadSnapshotManifest(
    const std::string& folder);

// DATA_LOSS (reason CORRUPT_DATA) for a file that had other `size` and
// `checksum` than these.
absl::Status CheckSnapshotFile(const std::string& folder,
                               const SnapshotManifest::File& file,
                               uint64_t size_bytes, uint64_t checksum);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_SNAPSHOT_MANIFEST_H_
