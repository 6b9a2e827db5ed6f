#ifndef LIKENESS_ENGINE_STORE_ROCKSDB_STORE_H_
#define LIKENESS_ENGINE_STORE_ROCKSDB_STORE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/store/metadata_store.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/write_plan.h"

namespace likeness {

// What a database shares with the store that it handed out, so that no write
// follows the collection's end or goes into the wrong generation of it.
struct StoreLife {
  absl::Mutex mutex;  // Held during every write.
  bool dropped ABSL_GUARDED_BY(mutex) = false;
  // The collection's name stands for this generation: it takes writes, and
  // doesn't follow another.
  bool current ABSL_GUARDED_BY(mutex) = true;
  StoreState state ABSL_GUARDED_BY(mutex);
};

// A collection in RocksDB. Owns a share of the database, so it may outlive the
// object that opened it.
class RocksDbStore final : public MetadataStore {
 public:
  RocksDbStore(std::shared_ptr<RocksDbHandle> handle,
               const StoredCollection& collection,
               std::shared_ptr<StoreLife> life);

  absl::StatusOr<Committed> Apply(std::vector<AtomicWrite> writes) override;
  absl::StatusOr<Committed> Follow(std::vector<Operation> operations) override;
  absl::StatusOr<std::shared_ptr<const StoreReader>> Snapshot() const override;
  absl::StatusOr<uint64_t> DiskBytes() const override;
  absl::Status Compact(const ShareDone& progress,
                       std::atomic<bool>& stop) override;
  std::string derived_folder() const override;

  absl::StatusOr<Item> Get(absl::string_view id,
                           ReadParts parts) const override;
  absl::StatusOr<ItemVectors> GetVectors(absl::string_view id) const override;
  absl::StatusOr<std::vector<std::optional<Item>>> GetMany(
      absl::Span<const std::string> ids, ReadParts parts) const override;
  absl::StatusOr<std::vector<uint64_t>> FindOps(
      absl::Span<const std::string> ids) const override;
  absl::StatusOr<std::vector<std::optional<Item>>> GetByOps(
      absl::Span<const uint64_t> op_ids, ReadParts parts) const override;
  absl::StatusOr<ItemPage> List(absl::string_view start_id, int limit,
                                ReadParts parts) const override;
  absl::StatusOr<std::vector<ItemVersion>> ListExpired(
      absl::Time now, int limit) const override;
  absl::Status ScanVectors(uint64_t op_id,
                           const VectorVisitor& visit) const override;
  absl::StatusOr<std::vector<uint64_t>> ListReplaced(
      uint64_t op_id) const override;
  absl::StatusOr<std::vector<Operation>> ListOperations(
      uint64_t op_id, int limit) const override;
  uint64_t last_op_id() const override {
    return last_op_id_.load(std::memory_order_acquire);
  }
  uint64_t size() const override {
    return live_items_.load(std::memory_order_acquire);
  }
  uint64_t unembedded() const override {
    return unembedded_.load(std::memory_order_acquire);
  }

 private:
  absl::Status CheckNotDropped() const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(life_->mutex);
  // Writes what `plan` came to.
  absl::StatusOr<Committed> Write(WritePlan& plan)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(life_->mutex);
  // Shows the state to readers.
  void ShowState() ABSL_EXCLUSIVE_LOCKS_REQUIRED(life_->mutex);

  const std::shared_ptr<RocksDbHandle> handle_;
  const StoredCollection collection_;
  const std::shared_ptr<StoreLife> life_;
  // Of the state, for readers.
  std::atomic<uint64_t> last_op_id_;
  std::atomic<uint64_t> live_items_;
  std::atomic<uint64_t> unembedded_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ROCKSDB_STORE_H_
