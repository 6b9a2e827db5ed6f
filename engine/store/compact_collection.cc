#include "engine/store/compact_collection.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/store/keys.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/options.h"
#include "rocksdb/transaction_log.h"

namespace likeness {
namespace {

// All but the catalog: those with the collection's prefix.
constexpr std::array<Family, kNumFamilies - 1> kFamilies = {
    Family::kIds, Family::kItems,  Family::kThumbnails, Family::kVectors,
    Family::kLog, Family::kExpiry, Family::kRequests};

// Of the tables of one family.
absl::StatusOr<uint64_t> TableBytes(const RocksDbHandle& handle, Family family,
                                    uint32_t number) {
  const std::string begin = CollectionPrefix(number);
  const std::string end = PrefixAfter(number);
  const rocksdb::Range range(begin, end);
  rocksdb::SizeApproximationOptions options;
  options.include_files = true;
  uint64_t bytes = 0;
  RETURN_IF_ERROR(
      FromRocksDb(handle.db()->GetApproximateSizes(
                      options, handle.family(family), &range, 1, &bytes),
                  "cannot tell the size of tables"));
  return bytes;
}

// The write-ahead log, which all collections and families share.
absl::StatusOr<uint64_t> LogBytes(const RocksDbHandle& handle) {
  rocksdb::VectorLogPtr logs;
  RETURN_IF_ERROR(FromRocksDb(handle.db()->GetSortedWalFiles(logs),
                              "cannot list the write-ahead log"));
  uint64_t bytes = 0;
  for (const auto& log : logs) bytes += log->SizeFileBytes();
  return bytes;
}

// Until then the write-ahead log has what was deleted long ago: a part of it
// goes when every family has written its share to tables.
absl::Status FlushAll(const RocksDbHandle& handle) {
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  families.reserve(kNumFamilies);
  for (size_t i = 0; i < kNumFamilies; ++i) {
    families.push_back(handle.family(static_cast<Family>(i)));
  }
  return FromRocksDb(handle.db()->Flush(rocksdb::FlushOptions(), families),
                     "cannot write tables");
}

absl::Status CompactFamily(const RocksDbHandle& handle, Family family,
                           uint32_t number, std::atomic<bool>& stop) {
  const std::string begin = CollectionPrefix(number);
  const std::string end = PrefixAfter(number);
  const rocksdb::Slice first(begin);
  const rocksdb::Slice last(end);
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  // Also what lies on the lowest level, where earlier compactions had to keep
  // what a snapshot then still saw.
  options.bottommost_level_compaction =
      rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.max_subcompactions = 1;
  options.canceled = &stop;
  const rocksdb::Status compacted =
      handle.db()->CompactRange(options, handle.family(family), &first, &last);
  if (stop || compacted.IsIncomplete()) {
    return absl::CancelledError("the compaction was stopped");
  }
  return FromRocksDb(compacted, "cannot compact");
}

}  // namespace

absl::StatusOr<uint64_t> DiskBytesOf(const RocksDbHandle& handle,
                                     uint32_t number) {
  ASSIGN_OR_RETURN(uint64_t bytes, LogBytes(handle));
  for (const Family family : kFamilies) {
    ASSIGN_OR_RETURN(const uint64_t tables, TableBytes(handle, family, number));
    bytes += tables;
  }
  return bytes;
}

absl::Status CompactCollection(const RocksDbHandle& handle, uint32_t number,
                               const MetadataStore::ShareDone& progress,
                               std::atomic<bool>& stop) {
  RETURN_IF_ERROR(FlushAll(handle));
  std::array<uint64_t, kFamilies.size()> bytes{};
  uint64_t all = 0;
  for (size_t i = 0; i < kFamilies.size(); ++i) {
    ASSIGN_OR_RETURN(bytes[i], TableBytes(handle, kFamilies[i], number));
    all += bytes[i];
  }
  uint64_t done = 0;
  for (size_t i = 0; i < kFamilies.size(); ++i) {
    RETURN_IF_ERROR(CompactFamily(handle, kFamilies[i], number, stop));
    done += bytes[i];
    if (progress) {
      progress(static_cast<double>(done) /
               static_cast<double>(std::max<uint64_t>(all, 1)));
    }
  }
  return absl::OkStatus();
}

}  // namespace likeness
