// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_ROCKSDB_CATALOG_H_
#define LIKENESS_ENGINE_STORE_ROCKSDB_CATALOG_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/store/database.h"
#include "engine/store/record_batch.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/rocksdb_store.h"

namespace likeness {

// The catalog of a data directory in RocksDB: which collections there are, in
// which generations, and who has their stores open.
class RocksDbCatalog final : public Database {
 public:
  explicit RocksDbCatalog(std::shared_ptr<RocksDbHandle> handle)
      : handle_(std::move(handle)) {}

  // Once, before anything else.
  absl::Status Load() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Status CreateCollection(const CollectionSpec& spec) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status DropCollection(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<CollectionSpec> ListCollections() const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status SetIndexOptions(absl::string_view name,
                               const IndexOptions& options) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::unique_ptr<MetadataStore>> OpenStore(
      absl::string_view name) override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status BeginModelChange(const CollectionSpec& next) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::optional<ModelChange> FindModelChange(
      absl::string_view name) const override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::unique_ptr<MetadataStore>> OpenOtherStore(
      absl::string_view name) override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status SwitchModel(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status EndModelChange(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<SnapshotManifest> Snapshot(const std::string& folder) override;

 private:
  struct Generation {
    StoredCollection collection;
    std::weak_ptr<StoreLife> life;  // Of its open store.
  };
  struct Change {
    Generation other;
    bool switched = false;
    absl::Time started;
  };
  struct Entry {
    Generation current;
    std::optional<Change> change;
  };

  using RecordVisitor = std::function<absl::Status(
      absl::string_view key_behind_prefix, absl::string_view value)>;

  absl::StatusOr<Entry*> Find(absl::string_view name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Find, for a collection whose model is being changed.
  absl::StatusOr<Entry*> FindChanging(absl::string_view name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Scan(const std::string& prefix,
                    const RecordVisitor& visit) const;
  absl::Status LoadModelChanges() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckNumber(const StoredCollection& collection) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The next number; `batch` gives it away, and who wrote that counts on.
  absl::StatusOr<uint32_t> TakeNumber(RecordBatch& batch) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RemoveOther(absl::string_view name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Writes `batch`, with which `generation` ends: waits for a write of it that
  // is under way and turns away those to come.
  absl::Status WriteEnd(const Generation& generation, RecordBatch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // That of its open store, or one to open a store with.
  absl::StatusOr<std::shared_ptr<StoreLife>> LifeOf(
      const Generation& generation, bool current) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::unique_ptr<MetadataStore>> OpenGeneration(
      Generation& generation, bool current)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What is derived from collections that are no more.
  void RemoveStrays() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::shared_ptr<RocksDbHandle> handle_;
  // One snapshot at a time: of two in one folder, the one that fails would take
  // the other's files for its own, and remove them.
  std::atomic<bool> snapshot_under_way_ = false;
  mutable absl::Mutex mutex_;
  uint32_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<std::string, Entry, std::less<>> collections_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ROCKSDB_CATALOG_H_
