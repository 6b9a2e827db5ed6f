#ifndef LIKENESS_ENGINE_STORE_ROCKSDB_READER_H_
#define LIKENESS_ENGINE_STORE_ROCKSDB_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/store/metadata_store.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"

namespace likeness {

// One collection at one moment: reads through a RocksDB snapshot, which keeps
// what is replaced meanwhile. Immutable.
class RocksDbReader final : public StoreReader {
 public:
  // Takes the snapshot. DATA_LOSS when the collection's state doesn't parse.
  static absl::StatusOr<std::shared_ptr<const RocksDbReader>> Make(
      std::shared_ptr<RocksDbHandle> handle,
      const StoredCollection& collection);

  ~RocksDbReader() override;
  RocksDbReader(const RocksDbReader&) = delete;
  RocksDbReader& operator=(const RocksDbReader&) = delete;

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
  uint64_t last_op_id() const override { return state_.last_op_id; }
  uint64_t size() const override { return state_.live_items; }
  uint64_t unembedded() const override { return state_.unembedded_items; }
  const StoreState& state() const { return state_; }

 private:
  RocksDbReader(std::shared_ptr<RocksDbHandle> handle,
                const StoredCollection& collection);

  // NOT_FOUND names the id.
  absl::StatusOr<CurrentVersion> FindVersion(absl::string_view id) const;
  absl::Status AddThumbnails(const std::vector<std::string>& keys,
                             std::vector<std::optional<Item>>& items) const;

  const std::shared_ptr<RocksDbHandle> handle_;
  const uint32_t number_;
  const PerSpace<int> dimensions_;
  rocksdb::ReadOptions options_;  // With the snapshot.
  StoreState state_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ROCKSDB_READER_H_
