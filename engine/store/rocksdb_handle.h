// What the RocksDB files of this folder share: the open instance, its column
// families, statuses. Private to engine/store, whose CMake target alone sees
// RocksDB's headers.
#ifndef LIKENESS_ENGINE_STORE_ROCKSDB_HANDLE_H_
#define LIKENESS_ENGINE_STORE_ROCKSDB_HANDLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/store/data_folder.h"
#include "engine/store/synced_writer.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/options.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"
#include "rocksdb/write_batch.h"

namespace likeness {

// In the order in which they are opened.
enum class Family : uint8_t {
  kCatalog,  // RocksDB's "default".
  kIds,
  kItems,
  kThumbnails,
  kVectors,
  kLog,
  kExpiry,
  kRequests,
};
inline constexpr size_t kNumFamilies = 8;

inline rocksdb::Slice ToSlice(absl::string_view text) {
  return {text.data(), text.size()};
}
inline absl::string_view FromSlice(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// An open RocksDB instance and the lock on its folder; both go with the last
// owner. Thread-safe.
class RocksDbHandle {
 public:
  // `env` (borrowed; nullptr: the system's) is for tests with faults.
  static absl::StatusOr<std::shared_ptr<RocksDbHandle>> Open(
      std::unique_ptr<DataFolder> folder, rocksdb::Env* env);

  // Opens it for reading alone: nothing is changed on the disk, not even what a
  // crash left to be replayed.
  static absl::StatusOr<std::shared_ptr<RocksDbHandle>> OpenReadOnly(
      std::unique_ptr<DataFolder> folder);

  ~RocksDbHandle();
  RocksDbHandle(const RocksDbHandle&) = delete;
  RocksDbHandle& operator=(const RocksDbHandle&) = delete;

  const DataFolder& folder() const { return *folder_; }
  rocksdb::DB* db() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families_[static_cast<size_t>(family)];
  }

  // As SyncedWriter's. Not for one that was opened for reading alone.
  absl::Status Recover() const { return writer_->Recover(); }
  absl::Status Write(rocksdb::WriteBatch& batch) const {
    return writer_->Write(batch);
  }

  // Reads one record; an empty optional when there is none.
  absl::StatusOr<std::optional<std::string>> Get(
      const rocksdb::ReadOptions& options, Family family,
      absl::string_view key) const;

  // Reads `keys` in one call; an empty optional for each that is not there.
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      const rocksdb::ReadOptions& options, Family family,
      const std::vector<std::string>& keys) const;

 private:
  explicit RocksDbHandle(std::unique_ptr<DataFolder> folder)
      : folder_(std::move(folder)) {}

  std::unique_ptr<DataFolder> folder_;  // Outlives db_.
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kNumFamilies> families_{};
  std::unique_ptr<SyncedWriter> writer_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ROCKSDB_HANDLE_H_
