#ifndef LIKENESS_ENGINE_STORE_DATABASE_H_
#define LIKENESS_ENGINE_STORE_DATABASE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/index_options.h"
#include "engine/core/space.h"
#include "engine/store/metadata_store.h"
#include "engine/store/snapshot_manifest.h"

namespace likeness {

// What a collection was made with. Only `index` ever changes.
struct CollectionSpec {
  std::string name;  // 1..128 of [a-z0-9_-], starting with a letter or digit.
  // The bundle whose vectors it holds; empty: vectors come from the caller's
  // own model, and pictures are refused.
  std::string model_id;
  PerSpace<int> dimensions;  // 0: the collection has no such space.
  bool keep_thumbnails = true;
  absl::Time created;
  IndexOptions index = {};  // What its owner chose.
};

absl::Status ValidateCollectionSpec(const CollectionSpec& spec);

// Of a collection, or of a snapshot that a server makes: as above, so that it
// can be a folder's name. INVALID_ARGUMENT for the field "name".
absl::Status ValidateName(absl::string_view name);

// Reasons of errors, FAILED_PRECONDITION: no change of the collection's model
// is under way; its other generation lacks operations.
inline constexpr absl::string_view kReasonNoModelChange = "NO_MODEL_CHANGE";
inline constexpr absl::string_view kReasonNotCaughtUp = "NOT_CAUGHT_UP";

// UNAVAILABLE: another snapshot is being made.
inline constexpr absl::string_view kReasonSnapshotUnderWay =
    "SNAPSHOT_UNDER_WAY";

// A change of a collection's model that is under way. The collection has two
// generations, made by different models: one that its name stands for, which is
// read and written, and another one, which repeats the first one's operations
// (MetadataStore::Follow).
struct ModelChange {
  CollectionSpec other;   // What the other generation is made with.
  bool switched = false;  // The name stands for the newer one.
  absl::Time started;
};

// One data directory: LOCK, FORMAT and the RocksDB instance that holds the
// catalog and the stores of all collections. Thread-safe. The stores that it
// hands out must not outlive it.
class Database {
 public:
  virtual ~Database() = default;

  // Opens `folder`, making it when it is missing and `create` is set.
  // FAILED_PRECONDITION with reason DIRECTORY_IN_USE names the process that has
  // it open; FAILED_PRECONDITION also for a newer format, or for a folder that
  // is not empty and not ours.
  static absl::StatusOr<std::unique_ptr<Database>> Open(
      const std::string& folder, bool create);

  // ALREADY_EXISTS, NOT_FOUND name the collection. A dropped collection's data
  // leave with its name, atomically.
  virtual absl::Status CreateCollection(const CollectionSpec& spec) = 0;
  virtual absl::Status DropCollection(absl::string_view name) = 0;
  virtual std::vector<CollectionSpec> ListCollections() const = 0;

  // Replaces CollectionSpec::index, of both generations where there are two;
  // durable when it returns. NOT_FOUND names the collection, INVALID_ARGUMENT
  // the field.
  virtual absl::Status SetIndexOptions(absl::string_view name,
                                       const IndexOptions& options) = 0;

  // The store of `name`. One at a time for each collection.
  virtual absl::StatusOr<std::unique_ptr<MetadataStore>> OpenStore(
      absl::string_view name) = 0;

  // Gives the collection called `next.name` a second generation, empty, made
  // with `next`. ALREADY_EXISTS when it has one.
  virtual absl::Status BeginModelChange(const CollectionSpec& next) = 0;
  // nullopt when there is no such collection, or no change under way.
  virtual std::optional<ModelChange> FindModelChange(
      absl::string_view name) const = 0;
  // The store of the other generation of `name`, as OpenStore. The errors of
  // this and the next two: NOT_FOUND, no such collection; FAILED_PRECONDITION,
  // reason NO_MODEL_CHANGE.
  virtual absl::StatusOr<std::unique_ptr<MetadataStore>> OpenOtherStore(
      absl::string_view name) = 0;
  // Lets `name` stand for its other generation, and gives that the requests
  // that are remembered: one synced batch. Stores that are open change their
  // roles with it. FAILED_PRECONDITION (reason NOT_CAUGHT_UP) when the newest
  // operations of the two differ.
  virtual absl::Status SwitchModel(absl::string_view name) = 0;
  // Removes the other generation, with all that belongs to it.
  virtual absl::Status EndModelChange(absl::string_view name) = 0;

  // Makes `folder` a snapshot of the directory while it is used: every
  // collection as it is after one of its operations, with all before it.
  // Files that never change are shared (hard links) where the file system can.
  // Durable and checksummed when it returns; RestoreSnapshot makes a data
  // directory of it. ALREADY_EXISTS when `folder` has something in it; after an
  // error it is not there. UNAVAILABLE (reason SNAPSHOT_UNDER_WAY), at once,
  // while another one is being made.
  virtual absl::StatusOr<SnapshotManifest> Snapshot(
      const std::string& folder) = 0;
};

// "7.8.3".
std::string RocksDbVersion();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_DATABASE_H_
