#include "engine/store/rocksdb_handle.h"

#include <cstdarg>
#include <cstdio>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/metadata_store.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace likeness {
namespace {

// Memory of the whole instance: blocks read (with their indexes and filters)
// and writes not yet in a table.
constexpr size_t kBlockCacheBytes = size_t{64} << 20;
constexpr size_t kWriteBuffersBytes = size_t{128} << 20;
constexpr size_t kWriteBufferBytes = size_t{32} << 20;
// Bounds what a start after a crash has to replay.
constexpr uint64_t kMaxWalBytes = uint64_t{256} << 20;
constexpr double kFilterBitsPerKey = 10;

constexpr std::array<const char*, kNumFamilies> kFamilyNames = {
    "default", "ids", "items",  "thumbnails",
    "vectors", "log", "expiry", "requests"};

// Takes the notes that RocksDB would write into a file of its own: with
// Debian's build it ends the process when it can't. Keeps the line that names
// the write-ahead log in which a record is damaged: the status doesn't.
class DamageLogger final : public rocksdb::Logger {
 public:
  DamageLogger() : Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    absl::MutexLock lock(&mutex_);
    if (damage_.empty() && absl::StrContains(line.data(), ": dropping ")) {
      damage_ = line.data();
    }
  }

  std::string damage() const {
    absl::MutexLock lock(&mutex_);
    return damage_;
  }

 private:
  mutable absl::Mutex mutex_;  // RocksDB logs from several threads.
  std::string damage_ ABSL_GUARDED_BY(mutex_);
};

// Who hears from an instance while it is opened and used.
struct Listeners {
  std::shared_ptr<DiskErrors> errors = std::make_shared<DiskErrors>();
  std::shared_ptr<DamageLogger> logger = std::make_shared<DamageLogger>();
};

// "cannot open PATH", and what RocksDB noted of damage.
std::string CannotOpen(const std::string& path, const Listeners& listeners) {
  const std::string damage = listeners.logger->damage();
  return absl::StrCat("cannot open ", path, damage.empty() ? "" : ": ", damage);
}

rocksdb::DBOptions MakeDbOptions(rocksdb::Env* env, const DataFolder& folder,
                                 const Listeners& listeners) {
  rocksdb::DBOptions options;
  options.create_if_missing = folder.fresh();
  // An older format has fewer.
  options.create_missing_column_families = folder.fresh() || folder.upgrading();
  options.paranoid_checks = true;
  if (env != nullptr) options.env = env;
  options.db_write_buffer_size = kWriteBuffersBytes;
  options.max_total_wal_size = kMaxWalBytes;
  // A log that was cut or damaged before its last record stops the start. (The
  // default mode would drop all that follows the damage without a word.) Only
  // an unfinished last record is passed over: nobody was told of it.
  options.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.listeners.push_back(listeners.errors);
  options.info_log = listeners.logger;
  // All families move from the log into tables at once: what a log has is
  // replayed for all of them or for none. A write that failed may be in it.
  options.atomic_flush = true;
  // Nothing but SyncedWriter's own mark is ever missing in the log.
  options.avoid_flush_during_shutdown = true;
  return options;
}

rocksdb::BlockBasedTableOptions MakeTableOptions(
    const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  table.checksum = rocksdb::kxxHash64;
  return table;
}

// Point reads: ids, items, thumbnails, requests. Only ids and requests are
// asked for keys that may be missing, so only they pay for a filter.
rocksdb::ColumnFamilyOptions PointReads(rocksdb::BlockBasedTableOptions table,
                                        bool filter, bool compress) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = kWriteBufferBytes;
  options.compression =
      compress ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  table.block_size = 4 << 10;
  table.data_block_index_type =
      rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  if (filter) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
    table.whole_key_filtering = true;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Sequential reads in large blocks: vectors (floats don't compress), log.
rocksdb::ColumnFamilyOptions SequentialReads(
    rocksdb::BlockBasedTableOptions table, bool compress) {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = kWriteBufferBytes;
  options.compression =
      compress ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  table.block_size = 32 << 10;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> MakeFamilies() {
  const rocksdb::BlockBasedTableOptions table =
      MakeTableOptions(rocksdb::NewLRUCache(kBlockCacheBytes));
  const std::array<rocksdb::ColumnFamilyOptions, kNumFamilies> options = {
      PointReads(table, /*filter=*/false, /*compress=*/true),   // catalog
      PointReads(table, /*filter=*/true, /*compress=*/true),    // ids
      PointReads(table, /*filter=*/false, /*compress=*/true),   // items
      PointReads(table, /*filter=*/false, /*compress=*/false),  // thumbnails
      SequentialReads(table, /*compress=*/false),               // vectors
      SequentialReads(table, /*compress=*/true),                // log
      SequentialReads(table, /*compress=*/true),                // expiry
      PointReads(table, /*filter=*/true, /*compress=*/true),    // requests
  };
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(kNumFamilies);
  for (size_t i = 0; i < kNumFamilies; ++i) {
    families.emplace_back(kFamilyNames[i], options[i]);
  }
  return families;
}

}  // namespace

absl::StatusOr<std::shared_ptr<RocksDbHandle>> RocksDbHandle::Open(
    std::unique_ptr<DataFolder> folder, rocksdb::Env* env) {
  const std::string path = folder->database_path();
  const bool fresh = folder->fresh();
  const Listeners listeners;
  const rocksdb::DBOptions options = MakeDbOptions(env, *folder, listeners);
  std::shared_ptr<RocksDbHandle> handle(new RocksDbHandle(std::move(folder)));
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  const rocksdb::Status status =
      rocksdb::DB::Open(options, path, MakeFamilies(), &families, &db);
  if (!fresh && status.IsInvalidArgument()) {
    // What is there is no whole database, though FORMAT says there was one.
    return WithReason(
        absl::DataLossError(
            absl::StrCat(CannotOpen(path, listeners), ": ", status.ToString())),
        kReasonCorruptData);
  }
  RETURN_IF_ERROR(FromRocksDb(status, CannotOpen(path, listeners)));
  handle->db_.reset(db);
  std::move(families.begin(), families.end(), handle->families_.begin());
  handle->writer_ = std::make_unique<SyncedWriter>(
      *db, *handle->family(Family::kCatalog), *handle->family(Family::kLog),
      listeners.errors, absl::StrCat(path, ".probe"));
  if (fresh || handle->folder_->upgrading()) {
    RETURN_IF_ERROR(handle->folder_->MarkReady());
  }
  return handle;
}

absl::StatusOr<std::shared_ptr<RocksDbHandle>> RocksDbHandle::OpenReadOnly(
    std::unique_ptr<DataFolder> folder) {
  const std::string path = folder->database_path();
  const Listeners listeners;
  const rocksdb::DBOptions options =
      MakeDbOptions(/*env=*/nullptr, *folder, listeners);
  std::shared_ptr<RocksDbHandle> handle(new RocksDbHandle(std::move(folder)));
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(
      options, path, MakeFamilies(), &families, &db);
  RETURN_IF_ERROR(FromRocksDb(status, CannotOpen(path, listeners)));
  handle->db_.reset(db);
  std::move(families.begin(), families.end(), handle->families_.begin());
  return handle;
}

RocksDbHandle::~RocksDbHandle() {
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    if (family != nullptr) db_->DestroyColumnFamilyHandle(family);
  }
}

absl::StatusOr<std::optional<std::string>> RocksDbHandle::Get(
    const rocksdb::ReadOptions& options, Family family,
    absl::string_view key) const {
  std::string value;
  const rocksdb::Status status =
      db_->Get(options, this->family(family), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  RETURN_IF_ERROR(FromRocksDb(status, "cannot read"));
  return value;
}

absl::StatusOr<std::vector<std::optional<std::string>>> RocksDbHandle::MultiGet(
    const rocksdb::ReadOptions& options, Family family,
    const std::vector<std::string>& keys) const {
  std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(options, this->family(family), keys.size(), slices.data(),
                values.data(), statuses.data());
  std::vector<std::optional<std::string>> found(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    RETURN_IF_ERROR(FromRocksDb(statuses[i], "cannot read"));
    found[i] = values[i].ToString();
  }
  return found;
}

}  // namespace likeness
