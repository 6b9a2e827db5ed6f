#include "engine/collection/collection_set.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "engine/collection/embedded_collection.h"
#include "engine/collection/view_peers.h"
#include "engine/collection/watched_generation.h"
#include "engine/core/status_macros.h"
#include "engine/index/flat_index.h"
#include "engine/store/database.h"

namespace likeness {
namespace {

class EmbeddedCollectionSet final : public CollectionSet {
 public:
  EmbeddedCollectionSet(std::unique_ptr<Database> database,
                        const SegmentOptions& options)
      : database_(std::move(database)), options_(options) {}

  absl::Status Load() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::StatusOr<std::shared_ptr<Collection>> Create(const CollectionSpec& spec)
      override ABSL_LOCKS_EXCLUDED(changes_, mutex_);
  absl::StatusOr<std::shared_ptr<Collection>> Get(
      absl::string_view name) const override ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::shared_ptr<Collection>> List() const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Drop(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(changes_, mutex_);
  absl::StatusOr<SnapshotManifest> Snapshot(
      const std::string& folder) override {
    return database_->Snapshot(folder);
  }
  absl::Status BeginModelChange(absl::string_view name,
                                absl::string_view model_id,
                                const PerSpace<int>& dimensions) override
      ABSL_LOCKS_EXCLUDED(changes_, mutex_);
  std::optional<ModelChange> FindModelChange(
      absl::string_view name) const override {
    return database_->FindModelChange(name);
  }
  absl::StatusOr<Generations> GetGenerations(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(changes_, mutex_);
  absl::Status SwitchModel(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(changes_, mutex_);
  absl::Status EndModelChange(absl::string_view name) override
      ABSL_LOCKS_EXCLUDED(changes_, mutex_);
  absl::StatusOr<IndexOptions> UpdateIndexOptions(
      absl::string_view name,
      const std::function<void(IndexOptions&)>& change) override
      ABSL_LOCKS_EXCLUDED(changes_, mutex_);

 private:
  // Opens the store of `spec` and puts the collection into the map.
  absl::StatusOr<std::shared_ptr<Collection>> Add(const CollectionSpec& spec)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::shared_ptr<Generation>> Find(absl::string_view name) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // With a Closer.
  absl::StatusOr<std::shared_ptr<Generation>> Open(
      const CollectionSpec& spec, std::unique_ptr<MetadataStore> store) const;
  // Lets go of changes_ while it opens: it may take long, and other collections
  // are not to wait.
  absl::StatusOr<std::shared_ptr<Generation>> GetOther(absl::string_view name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changes_);
  absl::StatusOr<std::shared_ptr<Generation>> OpenOther(
      absl::string_view name) const ABSL_LOCKS_EXCLUDED(changes_);
  // Returns when nobody opens the other generation of `name`, which may then
  // be changed.
  void AwaitOpened(absl::string_view name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changes_);
  void ForgetOther(absl::string_view name)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changes_);

  const std::unique_ptr<Database> database_;
  const SegmentOptions options_;
  // Shared with the collections, which may live longer.
  const std::shared_ptr<ViewPeers> peers_ = std::make_shared<ViewPeers>();
  absl::Mutex changes_;        // Held by what changes the catalog, also while
                               // it syncs.
  mutable absl::Mutex mutex_;  // Guards the map alone: lookups never wait long.
  std::map<std::string, std::shared_ptr<Generation>, std::less<>> collections_
      ABSL_GUARDED_BY(mutex_);
  // Other generations, as long as somebody holds them.
  std::map<std::string, Watched, std::less<>> others_ ABSL_GUARDED_BY(changes_);
  // Collections whose other generation somebody is opening. Until that is done,
  // neither it nor what the catalog says of it changes.
  std::set<std::string, std::less<>> opening_ ABSL_GUARDED_BY(changes_);
};

absl::Status EmbeddedCollectionSet::Load() {
  for (const CollectionSpec& spec : database_->ListCollections()) {
    RETURN_IF_ERROR(Add(spec).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Generation>> EmbeddedCollectionSet::Open(
    const CollectionSpec& spec, std::unique_ptr<MetadataStore> store) const {
  ASSIGN_OR_RETURN(auto opened,
                   EmbeddedCollection::Open(spec, std::move(store),
                                            MakeFlatIndex, options_, peers_));
  return std::shared_ptr<Generation>(opened.release(), Closer());
}

absl::StatusOr<std::shared_ptr<Collection>> EmbeddedCollectionSet::Add(
    const CollectionSpec& spec) {
  ASSIGN_OR_RETURN(auto store, database_->OpenStore(spec.name));
  ASSIGN_OR_RETURN(const std::shared_ptr<Generation> collection,
                   Open(spec, std::move(store)));
  absl::MutexLock lock(&mutex_);
  collections_[spec.name] = collection;
  return collection;
}

absl::StatusOr<std::shared_ptr<Collection>> EmbeddedCollectionSet::Create(
    const CollectionSpec& spec) {
  CollectionSpec created = spec;
  if (created.created == absl::UnixEpoch()) created.created = absl::Now();
  absl::MutexLock changes(&changes_);
  RETURN_IF_ERROR(database_->CreateCollection(created));
  absl::StatusOr<std::shared_ptr<Collection>> added = Add(created);
  // One that nobody can find before the next start should not be there.
  if (!added.ok()) database_->DropCollection(created.name).IgnoreError();
  return added;
}

absl::StatusOr<std::shared_ptr<Collection>> EmbeddedCollectionSet::Get(
    absl::string_view name) const {
  return Find(name);
}

absl::StatusOr<std::shared_ptr<Generation>> EmbeddedCollectionSet::Find(
    absl::string_view name) const {
  absl::MutexLock lock(&mutex_);
  const auto found = collections_.find(name);
  if (found == collections_.end()) {
    return absl::NotFoundError(
        absl::StrCat("there is no collection \"", name, "\""));
  }
  return found->second;
}

std::vector<std::shared_ptr<Collection>> EmbeddedCollectionSet::List() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::shared_ptr<Collection>> all;
  all.reserve(collections_.size());
  for (const auto& [name, collection] : collections_) {
    all.push_back(collection);
  }
  return all;
}

absl::Status EmbeddedCollectionSet::Drop(absl::string_view name) {
  // Ended without the locks: its threads may have something to finish.
  std::shared_ptr<Generation> dropped;
  absl::MutexLock changes(&changes_);
  AwaitOpened(name);
  const absl::Status status = database_->DropCollection(name);
  // May have gone though the rest stayed.
  if (!database_->FindModelChange(name).has_value()) ForgetOther(name);
  RETURN_IF_ERROR(status);
  absl::MutexLock lock(&mutex_);
  const auto found = collections_.find(name);
  if (found == collections_.end()) return absl::OkStatus();
  dropped = std::move(found->second);
  collections_.erase(found);
  return absl::OkStatus();
}

void EmbeddedCollectionSet::ForgetOther(absl::string_view name) {
  const auto found = others_.find(name);
  if (found != others_.end()) others_.erase(found);
}

absl::Status EmbeddedCollectionSet::BeginModelChange(
    absl::string_view name, absl::string_view model_id,
    const PerSpace<int>& dimensions) {
  absl::MutexLock changes(&changes_);
  ASSIGN_OR_RETURN(const auto current, Find(name));
  CollectionSpec next = current->spec();
  next.model_id = std::string(model_id);
  next.dimensions = dimensions;
  return database_->BeginModelChange(next);
}

void EmbeddedCollectionSet::AwaitOpened(absl::string_view name) {
  const auto opened = [this, name]() ABSL_SHARED_LOCKS_REQUIRED(changes_) {
    return opening_.find(name) == opening_.end();
  };
  changes_.Await(absl::Condition(&opened));
}

absl::StatusOr<std::shared_ptr<Generation>> EmbeddedCollectionSet::OpenOther(
    absl::string_view name) const {
  ASSIGN_OR_RETURN(auto store, database_->OpenOtherStore(name));
  const std::optional<ModelChange> change = database_->FindModelChange(name);
  return Open(change->other, std::move(store));
}

absl::StatusOr<std::shared_ptr<Generation>> EmbeddedCollectionSet::GetOther(
    absl::string_view name) {
  AwaitOpened(name);
  std::shared_ptr<absl::Notification> closed;
  if (const auto known = others_.find(name); known != others_.end()) {
    if (auto other = known->second.held.lock(); other != nullptr) return other;
    closed = known->second.closed;
  }
  const auto opening = opening_.emplace(name).first;
  changes_.Unlock();
  // Who let go of it last may be ending it still.
  if (closed != nullptr) closed->WaitForNotification();
  absl::StatusOr<std::shared_ptr<Generation>> other = OpenOther(name);
  changes_.Lock();
  opening_.erase(opening);
  ForgetOther(name);
  if (other.ok()) others_.emplace(name, Watched(*other));
  return other;
}

absl::StatusOr<Generations> EmbeddedCollectionSet::GetGenerations(
    absl::string_view name) {
  absl::MutexLock changes(&changes_);
  Generations generations;
  ASSIGN_OR_RETURN(generations.other, GetOther(name));
  ASSIGN_OR_RETURN(generations.current, Find(name));
  const std::optional<ModelChange> change = database_->FindModelChange(name);
  generations.switched = change->switched;
  generations.started = change->started;
  return generations;
}

absl::Status EmbeddedCollectionSet::SwitchModel(absl::string_view name) {
  std::shared_ptr<Generation> former;  // As in Drop.
  std::shared_ptr<Generation> other;
  absl::MutexLock changes(&changes_);
  // Before the switch, so that nothing is left to fail after it.
  ASSIGN_OR_RETURN(other, GetOther(name));
  ASSIGN_OR_RETURN(former, Find(name));
  RETURN_IF_ERROR(database_->SwitchModel(name));
  others_.insert_or_assign(std::string(name), Watched(former));
  absl::MutexLock lock(&mutex_);
  collections_[std::string(name)] = std::move(other);
  return absl::OkStatus();
}

absl::Status EmbeddedCollectionSet::EndModelChange(absl::string_view name) {
  absl::MutexLock changes(&changes_);
  AwaitOpened(name);
  RETURN_IF_ERROR(database_->EndModelChange(name));
  ForgetOther(name);
  return absl::OkStatus();
}

absl::StatusOr<IndexOptions> EmbeddedCollectionSet::UpdateIndexOptions(
    absl::string_view name, const std::function<void(IndexOptions&)>& change) {
  std::shared_ptr<Generation> other;  // As in Drop.
  absl::MutexLock changes(&changes_);
  AwaitOpened(name);
  ASSIGN_OR_RETURN(const std::shared_ptr<Generation> collection, Find(name));
  IndexOptions options = collection->spec().index;
  change(options);
  RETURN_IF_ERROR(database_->SetIndexOptions(name, options));
  collection->SetIndexOptions(options);
  const auto known = others_.find(name);
  if (known != others_.end()) other = known->second.held.lock();
  if (other != nullptr) other->SetIndexOptions(options);
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CollectionSet>> CollectionSet::Open(
    const std::string& folder, bool create, const SegmentOptions& options) {
  ASSIGN_OR_RETURN(auto database, Database::Open(folder, create));
  auto set =
      std::make_unique<EmbeddedCollectionSet>(std::move(database), options);
  RETURN_IF_ERROR(set->Load());
  return set;
}

}  // namespace likeness
