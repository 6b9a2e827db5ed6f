#ifndef LIKENESS_ENGINE_COLLECTION_COLLECTION_SET_H_
#define LIKENESS_ENGINE_COLLECTION_COLLECTION_SET_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/collection/collection.h"
#include "engine/collection/segment_options.h"
#include "engine/store/snapshot_manifest.h"

namespace likeness {

// The collections of one data directory. Thread-safe. A collection that was
// dropped stays usable for those who still hold it, but refuses writes.
class CollectionSet {
 public:
  virtual ~CollectionSet() = default;

  // Opens the directory and every collection in it. Errors as Database::Open.
  static absl::StatusOr<std::unique_ptr<CollectionSet>> Open(
      const std::string& folder, bool create,
      const SegmentOptions& options = {});

  virtual absl::StatusOr<std::shared_ptr<Collection>> Create(
      const CollectionSpec& spec) = 0;
  virtual absl::StatusOr<std::shared_ptr<Collection>> Get(
      absl::string_view name) const = 0;
  virtual std::vector<std::shared_ptr<Collection>> List() const = 0;
  virtual absl::Status Drop(absl::string_view name) = 0;

  // As Database::Snapshot.
  virtual absl::StatusOr<SnapshotManifest> Snapshot(
      const std::string& folder) = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_COLLECTION_SET_H_
