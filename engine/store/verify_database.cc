#include "engine/store/verify_database.h"

#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/checksum.h"
#include "engine/core/read_pieces.h"
#include "engine/core/status_macros.h"
#include "engine/store/data_folder.h"
#include "engine/store/keys.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/rocksdb_reader.h"
#include "engine/store/snapshot_manifest.h"
#include "engine/store/verify_collection.h"
#include "rocksdb/iterator.h"
#include "rocksdb/metadata.h"
#include "rocksdb/sst_file_reader.h"

namespace likeness {
namespace {

constexpr absl::string_view kCatalog = "catalog";

// The generations of all collections by their numbers.
struct Generation {
  StoredCollection collection;
  bool is_other = false;

  GenerationName name() const { return {collection.spec.name, is_other}; }
};
using Catalog = std::map<uint32_t, Generation>;

void VerifyTable(const std::string& path, VerifyReport& report) {
  rocksdb::SstFileReader reader{rocksdb::Options()};
  rocksdb::Status status = reader.Open(path);
  if (status.ok()) status = reader.VerifyChecksum();
  if (!status.ok()) report.Add(path, status.ToString());
  ++report.tables;
}

// Every block of every table, so that each damaged one is named, not only the
// first.
void VerifyTables(const RocksDbHandle& handle, VerifyReport& report) {
  std::vector<rocksdb::LiveFileMetaData> tables;
  handle.db()->GetLiveFilesMetaData(&tables);
  for (const rocksdb::LiveFileMetaData& table : tables) {
    VerifyTable(absl::StrCat(table.db_path, table.name), report);
  }
}

// Of a database that can't be opened, maybe for one of them.
void VerifyAllTables(const std::string& folder, VerifyReport& report) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string path = entry->path().string();
    if (absl::EndsWith(path, ".sst")) VerifyTable(path, report);
  }
}

Catalog VerifyCatalog(const RocksDbHandle& handle, VerifyReport& report) {
  Catalog catalog;
  std::optional<uint32_t> next_number = 1;
  std::vector<uint32_t> states;
  const std::unique_ptr<rocksdb::Iterator> records(handle.db()->NewIterator(
      rocksdb::ReadOptions(), handle.family(Family::kCatalog)));
  for (records->SeekToFirst(); records->Valid(); records->Next()) {
    const absl::string_view key = FromSlice(records->key());
    const absl::string_view value = FromSlice(records->value());
    if (key == NextNumberKey()) {
      next_number = DecodeNumber(value);
    } else if (key[0] == kStateTag && DecodeNumber(key.substr(1)).has_value()) {
      states.push_back(*DecodeNumber(key.substr(1)));
    } else if (key[0] == kCollectionTag) {
      const absl::StatusOr<StoredCollection> collection =
          DecodeCollection(value);
      if (!collection.ok()) {
        report.Add(absl::StrCat("collection \"", key.substr(1), "\""),
                   std::string(collection.status().message()));
        continue;
      }
      catalog[collection->number] = {*collection, /*is_other=*/false};
    } else if (key[0] == kModelChangeTag) {
      const absl::StatusOr<StoredModelChange> change = DecodeModelChange(value);
      if (!change.ok()) {
        report.Add(absl::StrCat("collection \"", key.substr(1), "\""),
                   std::string(change.status().message()));
        continue;
      }
      catalog[change->other.number] = {change->other, /*is_other=*/true};
    } else {
      report.Add(std::string(kCatalog), "has a record of no known kind");
    }
  }
  if (!records->status().ok()) {
    report.Add(std::string(kCatalog), records->status().ToString());
  }
  if (!next_number.has_value() ||
      (!catalog.empty() && catalog.rbegin()->first >= *next_number)) {
    report.Add(std::string(kCatalog), "its next collection's number is wrong");
  }
  for (const uint32_t number : states) {
    if (catalog.contains(number)) continue;
    report.Add(std::string(kCatalog), absl::StrCat("has a state of collection ",
                                                   number, ", which it lacks"));
  }
  return catalog;
}

// Records that belong to no collection.
void VerifyNoStrangers(const RocksDbHandle& handle, const Catalog& catalog,
                       VerifyReport& report) {
  for (size_t i = 1; i < kNumFamilies; ++i) {
    const auto family = static_cast<Family>(i);
    const std::unique_ptr<rocksdb::Iterator> records(handle.db()->NewIterator(
        rocksdb::ReadOptions(), handle.family(family)));
    records->SeekToFirst();
    while (records->Valid()) {
      const std::optional<uint32_t> number =
          CollectionOfKey(FromSlice(records->key()));
      if (!number.has_value() || !catalog.contains(*number)) {
        report.Add(handle.family(family)->GetName(),
                   absl::StrCat("has records of no collection (number ",
                                number.value_or(0), ")"));
        // Of the second nothing comes behind.
        if (!number.has_value() ||
            *number == std::numeric_limits<uint32_t>::max()) {
          break;
        }
      }
      records->Seek(PrefixAfter(*number));
    }
    if (!records->status().ok()) {
      report.Add(handle.family(family)->GetName(),
                 records->status().ToString());
    }
  }
}

// Checks the files of the snapshot `folder` on the way.
absl::StatusOr<std::unique_ptr<DataFolder>> OpenSnapshot(
    const std::string& folder, VerifyReport& report) {
  ASSIGN_OR_RETURN(const SnapshotManifest manifest,
                   ReadSnapshotManifest(folder));
  for (const SnapshotManifest::File& file : manifest.files) {
    RunningChecksum checksum;
    uint64_t size = 0;
    const std::string path = absl::StrCat(folder, "/", file.path);
    absl::Status status = ReadInPieces(path, [&](absl::string_view piece) {
      checksum.Add(piece);
      size += piece.size();
      return absl::OkStatus();
    });
    if (status.ok()) {
      status = CheckSnapshotFile(folder, file, size, checksum.value());
    }
    if (!status.ok()) report.Add(path, std::string(status.message()));
    ++report.files;
  }
  return DataFolder::OfSnapshot(folder);
}

void VerifyCollections(const std::shared_ptr<RocksDbHandle>& handle,
                       const DerivedVerifier& derived, VerifyReport& report) {
  const Catalog catalog = VerifyCatalog(*handle, report);
  VerifyNoStrangers(*handle, catalog, report);
  for (const auto& [number, generation] : catalog) {
    const StoredCollection& collection = generation.collection;
    const uint64_t problems = report.num_problems();
    VerifyCollection(*handle, collection, generation.name(), report);
    if (derived == nullptr || report.num_problems() != problems) continue;
    auto reader = RocksDbReader::Make(handle, collection);
    if (!reader.ok()) {
      report.Add(
          absl::StrCat("collection \"", generation.name().ToString(), "\""),
          std::string(reader.status().message()));
      continue;
    }
    derived({generation.name(), collection.spec, *std::move(reader),
             handle->folder().derived_path(number)},
            report);
  }
}

}  // namespace

absl::StatusOr<VerifyReport> VerifyDatabase(const std::string& folder,
                                            const DerivedVerifier& derived) {
  VerifyReport report;
  absl::StatusOr<std::unique_ptr<DataFolder>> data =
      IsSnapshot(folder) ? OpenSnapshot(folder, report)
                         : DataFolder::Open(folder, /*create=*/false);
  if (absl::IsDataLoss(data.status())) {
    report.Add(folder, std::string(data.status().message()));
    return report;
  }
  RETURN_IF_ERROR(data.status());
  if ((*data)->fresh() || (*data)->upgrading()) {
    return absl::FailedPreconditionError(absl::StrCat(
        folder, " was not yet opened by a program of this format"));
  }
  const std::string path = (*data)->database_path();
  const auto handle = RocksDbHandle::OpenReadOnly(*std::move(data));
  if (!handle.ok()) {
    report.Add(path, std::string(handle.status().message()));
    VerifyAllTables(path, report);
    return report;
  }
  VerifyTables(**handle, report);
  VerifyCollections(*handle, derived, report);
  return report;
}

}  // namespace likeness
