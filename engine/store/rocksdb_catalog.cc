#include "engine/store/rocksdb_catalog.h"

#include <limits>
#include <set>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/catalog_batch.h"
#include "engine/store/keys.h"
#include "engine/store/rocksdb_reader.h"
#include "engine/store/rocksdb_status.h"
#include "engine/store/take_snapshot.h"
#include "rocksdb/iterator.h"

namespace likeness {

absl::StatusOr<RocksDbCatalog::Entry*> RocksDbCatalog::Find(
    absl::string_view name) {
  const auto found = collections_.find(name);
  if (found != collections_.end()) return &found->second;
  return absl::NotFoundError(
      absl::StrCat("there is no collection \"", name, "\""));
}

absl::Status RocksDbCatalog::Scan(const std::string& prefix,
                                  const RecordVisitor& visit) const {
  const std::unique_ptr<rocksdb::Iterator> records(handle_->db()->NewIterator(
      rocksdb::ReadOptions(), handle_->family(Family::kCatalog)));
  for (records->Seek(prefix);
       records->Valid() && records->key().starts_with(prefix);
       records->Next()) {
    RETURN_IF_ERROR(visit(FromSlice(records->key()).substr(prefix.size()),
                          FromSlice(records->value())));
  }
  return FromRocksDb(records->status(), "cannot read the catalog");
}

absl::Status RocksDbCatalog::CheckNumber(
    const StoredCollection& collection) const {
  if (collection.number < next_number_) return absl::OkStatus();
  return CorruptRecord(
      absl::StrCat("collection \"", collection.spec.name, "\""),
      "its number was never given");
}

absl::Status RocksDbCatalog::Load() {
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
  std::vector<StoredCollection> collections;
  RETURN_IF_ERROR(
      Scan(CollectionKey(""), [&](auto /*name*/, auto value) -> absl::Status {
        ASSIGN_OR_RETURN(collections.emplace_back(), DecodeCollection(value));
        return absl::OkStatus();
      }));
  for (StoredCollection& collection : collections) {
    RETURN_IF_ERROR(CheckNumber(collection));
    std::string name = collection.spec.name;
    collections_[std::move(name)].current.collection = std::move(collection);
  }
  RETURN_IF_ERROR(LoadModelChanges());
  RemoveStrays();
  return absl::OkStatus();
}

void RocksDbCatalog::RemoveStrays() const {
  std::set<uint32_t> numbers;
  for (const auto& [name, entry] : collections_) {
    numbers.insert(entry.current.collection.number);
    if (entry.change.has_value()) {
      numbers.insert(entry.change->other.collection.number);
    }
  }
  handle_->folder().KeepDerived(numbers);
}

absl::Status RocksDbCatalog::WriteEnd(const Generation& generation,
                                      RecordBatch& batch) {
  const std::shared_ptr<StoreLife> life = generation.life.lock();
  if (life == nullptr) return handle_->Write(batch.get());
  absl::MutexLock lock(&life->mutex);
  RETURN_IF_ERROR(handle_->Write(batch.get()));
  life->dropped = true;
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> RocksDbCatalog::TakeNumber(RecordBatch& batch) const {
  if (next_number_ == std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError("all collection numbers were given");
  }
  RETURN_IF_ERROR(batch.Put(Family::kCatalog, NextNumberKey(),
                            EncodeNumber(next_number_ + 1)));
  return next_number_;
}

absl::Status RocksDbCatalog::CreateCollection(const CollectionSpec& spec) {
  RETURN_IF_ERROR(ValidateCollectionSpec(spec));
  absl::MutexLock lock(&mutex_);
  if (collections_.contains(spec.name)) {
    return absl::AlreadyExistsError(
        absl::StrCat("there is a collection \"", spec.name, "\" already"));
  }
  RecordBatch batch(*handle_);
  StoredCollection collection{0, spec};
  ASSIGN_OR_RETURN(collection.number, TakeNumber(batch));
  RETURN_IF_ERROR(batch.Put(Family::kCatalog, CollectionKey(spec.name),
                            EncodeCollection(collection)));
  RETURN_IF_ERROR(handle_->Write(batch.get()));
  ++next_number_;
  collections_[spec.name].current.collection = std::move(collection);
  return absl::OkStatus();
}

absl::Status RocksDbCatalog::DropCollection(absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const Entry* entry, Find(name));
  // First, by itself: should the rest fail, the collection is whole without it.
  if (entry->change.has_value()) RETURN_IF_ERROR(RemoveOther(name));
  RecordBatch batch(*handle_);
  RETURN_IF_ERROR(batch.Delete(Family::kCatalog, CollectionKey(name)));
  RETURN_IF_ERROR(AddRemoval(entry->current.collection.number, batch));
  RETURN_IF_ERROR(WriteEnd(entry->current, batch));
  collections_.erase(collections_.find(name));
  RemoveStrays();
  return absl::OkStatus();
}

absl::Status RocksDbCatalog::SetIndexOptions(absl::string_view name,
                                             const IndexOptions& options) {
  RETURN_IF_ERROR(options.Validate());
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Entry* const entry, Find(name));
  StoredCollection changed = entry->current.collection;
  changed.spec.index = options;
  RecordBatch batch(*handle_);
  RETURN_IF_ERROR(batch.Put(Family::kCatalog, CollectionKey(name),
                            EncodeCollection(changed)));
  StoredModelChange change;
  if (entry->change.has_value()) {
    change = {entry->change->other.collection, entry->change->switched,
              entry->change->started};
    change.other.spec.index = options;
    RETURN_IF_ERROR(batch.Put(Family::kCatalog, ModelChangeKey(name),
                              EncodeModelChange(change)));
  }
  RETURN_IF_ERROR(handle_->Write(batch.get()));
  entry->current.collection = std::move(changed);
  if (entry->change.has_value()) {
    entry->change->other.collection = std::move(change.other);
  }
  return absl::OkStatus();
}

std::vector<CollectionSpec> RocksDbCatalog::ListCollections() const {
  absl::MutexLock lock(&mutex_);
  std::vector<CollectionSpec> specs;
  specs.reserve(collections_.size());
  for (const auto& [name, entry] : collections_) {
    specs.push_back(entry.current.collection.spec);
  }
  return specs;
}

absl::StatusOr<std::shared_ptr<StoreLife>> RocksDbCatalog::LifeOf(
    const Generation& generation, bool current) const {
  if (auto life = generation.life.lock(); life != nullptr) return life;
  ASSIGN_OR_RETURN(const auto now,
                   RocksDbReader::Make(handle_, generation.collection));
  auto life = std::make_shared<StoreLife>();
  absl::MutexLock lock(&life->mutex);
  life->current = current;
  life->state = now->state();
  return life;
}

absl::StatusOr<std::unique_ptr<MetadataStore>> RocksDbCatalog::OpenGeneration(
    Generation& generation, bool current) {
  if (!generation.life.expired()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store of \"", generation.collection.spec.name,
                     "\" is open already"));
  }
  ASSIGN_OR_RETURN(auto life, LifeOf(generation, current));
  generation.life = life;
  return std::make_unique<RocksDbStore>(handle_, generation.collection,
                                        std::move(life));
}

absl::StatusOr<std::unique_ptr<MetadataStore>> RocksDbCatalog::OpenStore(
    absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Entry * entry, Find(name));
  return OpenGeneration(entry->current, /*current=*/true);
}

absl::StatusOr<SnapshotManifest> RocksDbCatalog::Snapshot(
    const std::string& folder) {
  if (snapshot_under_way_.exchange(true)) {
    return WithReason(
        absl::UnavailableError(
            "another snapshot is being made; try again when it is done"),
        kReasonSnapshotUnderWay);
  }
  const absl::Cleanup done = [this] { snapshot_under_way_ = false; };
  return TakeSnapshot(*handle_, folder);
}

}  // namespace likeness
