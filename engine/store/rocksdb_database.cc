#include "engine/store/rocksdb_database.h"

#include <limits>
#include <map>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/keys.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/rocksdb_status.h"
#include "engine/store/rocksdb_store.h"
#include "engine/store/take_snapshot.h"
#include "rocksdb/iterator.h"
#include "rocksdb/version.h"
#include "rocksdb/write_batch.h"

namespace likeness {
namespace {

class RocksDbDatabase final : public Database {
 public:
  explicit RocksDbDatabase(std::shared_ptr<RocksDbHandle> handle)
      : handle_(std::move(handle)) {}

  absl::Status LoadCatalog() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Status CreateCollection(const CollectionSpec& spec) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status DropCollection(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<CollectionSpec> ListCollections() const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::unique_ptr<MetadataStore>> OpenStore(
      absl::string_view name) override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<SnapshotManifest> Snapshot(
      const std::string& folder) override {
    return TakeSnapshot(*handle_, folder);
  }

 private:
  struct Entry {
    StoredCollection collection;
    std::weak_ptr<StoreLife> life;  // Of its open store.
  };

  absl::Status AddDrop(const StoredCollection& collection,
                       rocksdb::WriteBatch& batch) const;
  // What is derived from collections that are no more.
  void RemoveStrays() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::shared_ptr<RocksDbHandle> handle_;
  mutable absl::Mutex mutex_;
  uint32_t next_number_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<std::string, Entry, std::less<>> collections_
      ABSL_GUARDED_BY(mutex_);
};

absl::Status NoSuchCollection(absl::string_view name) {
  return absl::NotFoundError(
      absl::StrCat("there is no collection \"", name, "\""));
}

absl::Status RocksDbDatabase::LoadCatalog() {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(
      const auto next,
      handle_->Get(rocksdb::ReadOptions(), Family::kCatalog, NextNumberKey()));
  if (next.has_value()) {
    const std::optional<uint32_t> number = DecodeNumber(*next);
    if (!number.has_value()) {
      return CorruptRecord("the next collection's number", "has not 4 bytes");
    }
    next_number_ = *number;
  }
  const std::string first = CollectionKey("");
  const std::unique_ptr<rocksdb::Iterator> records(handle_->db()->NewIterator(
      rocksdb::ReadOptions(), handle_->family(Family::kCatalog)));
  for (records->Seek(first);
       records->Valid() && records->key().starts_with(first); records->Next()) {
    ASSIGN_OR_RETURN(StoredCollection collection,
                     DecodeCollection(FromSlice(records->value())));
    if (collection.number >= next_number_) {
      return CorruptRecord(
          absl::StrCat("collection \"", collection.spec.name, "\""),
          "its number was never given");
    }
    std::string name = collection.spec.name;
    collections_[std::move(name)].collection = std::move(collection);
  }
  RETURN_IF_ERROR(FromRocksDb(records->status(), "cannot read the catalog"));
  RemoveStrays();
  return absl::OkStatus();
}

void RocksDbDatabase::RemoveStrays() const {
  std::set<uint32_t> numbers;
  for (const auto& [name, entry] : collections_) {
    numbers.insert(entry.collection.number);
  }
  handle_->folder().KeepDerived(numbers);
}

absl::Status RocksDbDatabase::CreateCollection(const CollectionSpec& spec) {
  RETURN_IF_ERROR(ValidateCollectionSpec(spec));
  absl::MutexLock lock(&mutex_);
  if (collections_.contains(spec.name)) {
    return absl::AlreadyExistsError(
        absl::StrCat("there is a collection \"", spec.name, "\" already"));
  }
  if (next_number_ == std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError("all collection numbers were given");
  }
  const StoredCollection collection{next_number_, spec};
  const std::string key = CollectionKey(spec.name);
  const std::string value = EncodeCollection(collection);
  rocksdb::ColumnFamilyHandle* catalog = handle_->family(Family::kCatalog);
  rocksdb::WriteBatch batch;
  rocksdb::Status built = batch.Put(catalog, key, value);
  if (built.ok()) {
    built = batch.Put(catalog, NextNumberKey(), EncodeNumber(next_number_ + 1));
  }
  RETURN_IF_ERROR(FromRocksDb(built, "cannot write the catalog"));
  RETURN_IF_ERROR(handle_->Write(batch));
  ++next_number_;
  collections_[spec.name].collection = collection;
  return absl::OkStatus();
}

absl::Status RocksDbDatabase::AddDrop(const StoredCollection& collection,
                                      rocksdb::WriteBatch& batch) const {
  rocksdb::ColumnFamilyHandle* catalog = handle_->family(Family::kCatalog);
  rocksdb::Status built =
      batch.Delete(catalog, CollectionKey(collection.spec.name));
  if (built.ok()) built = batch.Delete(catalog, StateKey(collection.number));
  const std::string begin = CollectionPrefix(collection.number);
  const std::string end = PrefixAfter(collection.number);
  for (const Family family :
       {Family::kIds, Family::kItems, Family::kThumbnails, Family::kVectors,
        Family::kLog, Family::kExpiry, Family::kRequests}) {
    if (built.ok()) {
      built = batch.DeleteRange(handle_->family(family), begin, end);
    }
  }
  return FromRocksDb(built, "cannot write the catalog");
}

absl::Status RocksDbDatabase::DropCollection(absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  const auto found = collections_.find(name);
  if (found == collections_.end()) return NoSuchCollection(name);
  rocksdb::WriteBatch batch;
  RETURN_IF_ERROR(AddDrop(found->second.collection, batch));
  if (const auto life = found->second.life.lock(); life != nullptr) {
    // Waits for a write that is under way and turns away those to come.
    absl::MutexLock life_lock(&life->mutex);
    RETURN_IF_ERROR(handle_->Write(batch));
    life->dropped = true;
  } else {
    RETURN_IF_ERROR(handle_->Write(batch));
  }
  collections_.erase(found);
  RemoveStrays();
  return absl::OkStatus();
}

std::vector<CollectionSpec> RocksDbDatabase::ListCollections() const {
  absl::MutexLock lock(&mutex_);
  std::vector<CollectionSpec> specs;
  specs.reserve(collections_.size());
  for (const auto& [name, entry] : collections_) {
    specs.push_back(entry.collection.spec);
  }
  return specs;
}

absl::StatusOr<std::unique_ptr<MetadataStore>> RocksDbDatabase::OpenStore(
    absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  const auto found = collections_.find(name);
  if (found == collections_.end()) return NoSuchCollection(name);
  if (!found->second.life.expired()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store of \"", name, "\" is open already"));
  }
  auto life = std::make_shared<StoreLife>();
  ASSIGN_OR_RETURN(std::unique_ptr<MetadataStore> store,
                   RocksDbStore::Make(handle_, found->second.collection, life));
  found->second.life = life;
  return store;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenDatabaseOn(
    rocksdb::Env* env, const std::string& folder, bool create) {
  ASSIGN_OR_RETURN(auto data_folder, DataFolder::Open(folder, create));
  ASSIGN_OR_RETURN(auto handle,
                   RocksDbHandle::Open(std::move(data_folder), env));
  auto database = std::make_unique<RocksDbDatabase>(std::move(handle));
  RETURN_IF_ERROR(database->LoadCatalog());
  return database;
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const std::string& folder, bool create) {
  return OpenDatabaseOn(nullptr, folder, create);
}

std::string RocksDbVersion() {
  return absl::StrCat(ROCKSDB_MAJOR, ".", ROCKSDB_MINOR, ".", ROCKSDB_PATCH);
}

}  // namespace likeness
