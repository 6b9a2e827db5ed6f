// Collections with two generations, while their model is being changed.
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/catalog_batch.h"
#include "engine/store/keys.h"
#include "engine/store/rocksdb_catalog.h"

namespace likeness {

absl::Status RocksDbCatalog::LoadModelChanges() {
  std::vector<StoredModelChange> changes;
  RETURN_IF_ERROR(
      Scan(ModelChangeKey(""), [&](auto /*name*/, auto value) -> absl::Status {
        ASSIGN_OR_RETURN(changes.emplace_back(), DecodeModelChange(value));
        return absl::OkStatus();
      }));
  for (StoredModelChange& change : changes) {
    RETURN_IF_ERROR(CheckNumber(change.other));
    const std::string& name = change.other.spec.name;
    const auto found = collections_.find(name);
    if (found == collections_.end()) {
      return CorruptRecord(
          "a change of model",
          absl::StrCat("there is no collection \"", name, "\""));
    }
    found->second.change =
        Change{{std::move(change.other), {}}, change.switched, change.started};
  }
  return absl::OkStatus();
}

absl::StatusOr<RocksDbCatalog::Entry*> RocksDbCatalog::FindChanging(
    absl::string_view name) {
  ASSIGN_OR_RETURN(Entry * entry, Find(name));
  if (entry->change.has_value()) return entry;
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "no change of the model of collection \"", name, "\" is under way")),
      kReasonNoModelChange);
}

absl::Status RocksDbCatalog::BeginModelChange(const CollectionSpec& next) {
  RETURN_IF_ERROR(ValidateCollectionSpec(next));
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Entry * entry, Find(next.name));
  if (entry->change.has_value()) {
    return absl::AlreadyExistsError(
        absl::StrCat("a change of the model of collection \"", next.name,
                     "\" is under way already"));
  }
  StoredModelChange change{{0, next}, false, absl::Now()};
  RecordBatch batch(*handle_);
  ASSIGN_OR_RETURN(change.other.number, TakeNumber(batch));
  RETURN_IF_ERROR(batch.Put(Family::kCatalog, ModelChangeKey(next.name),
                            EncodeModelChange(change)));
  RETURN_IF_ERROR(handle_->Write(batch.get()));
  ++next_number_;
  entry->change = Change{{std::move(change.other), {}}, false, change.started};
  return absl::OkStatus();
}

std::optional<ModelChange> RocksDbCatalog::FindModelChange(
    absl::string_view name) const {
  absl::MutexLock lock(&mutex_);
  const auto found = collections_.find(name);
  if (found == collections_.end() || !found->second.change.has_value()) {
    return std::nullopt;
  }
  const Change& change = *found->second.change;
  return ModelChange{change.other.collection.spec, change.switched,
                     change.started};
}

absl::StatusOr<std::unique_ptr<MetadataStore>> RocksDbCatalog::OpenOtherStore(
    absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Entry * entry, FindChanging(name));
  return OpenGeneration(entry->change->other, /*current=*/false);
}

absl::Status RocksDbCatalog::SwitchModel(absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(Entry * entry, FindChanging(name));
  Change& change = *entry->change;
  ASSIGN_OR_RETURN(const auto from, LifeOf(entry->current, true));
  ASSIGN_OR_RETURN(const auto to, LifeOf(change.other, false));
  // No write of either is under way, and none begins. Always in this order,
  // whichever is current.
  const bool rises =
      entry->current.collection.number < change.other.collection.number;
  absl::MutexLock first_lock(&(rises ? from : to)->mutex);
  absl::MutexLock second_lock(&(rises ? to : from)->mutex);
  from->mutex.AssertHeld();
  to->mutex.AssertHeld();
  if (to->state.last_op_id != from->state.last_op_id) {
    return WithReason(absl::FailedPreconditionError(absl::StrCat(
                          "collection \"", name, "\" has come to operation ",
                          from->state.last_op_id, ", its other generation to ",
                          to->state.last_op_id)),
                      kReasonNotCaughtUp);
  }
  const StoredModelChange changed{entry->current.collection, !change.switched,
                                  change.started};
  const uint32_t number = change.other.collection.number;
  StoreState state = to->state;
  state.first_request = from->state.first_request;
  state.next_request = from->state.next_request;
  RecordBatch batch(*handle_);
  RETURN_IF_ERROR(AddRequests(*handle_, changed.other.number, number, batch));
  RETURN_IF_ERROR(
      batch.Put(Family::kCatalog, StateKey(number), EncodeState(state)));
  RETURN_IF_ERROR(batch.Put(Family::kCatalog, CollectionKey(name),
                            EncodeCollection(change.other.collection)));
  RETURN_IF_ERROR(batch.Put(Family::kCatalog, ModelChangeKey(name),
                            EncodeModelChange(changed)));
  RETURN_IF_ERROR(handle_->Write(batch.get()));
  to->state = state;
  to->current = true;
  from->current = false;
  std::swap(entry->current, change.other);
  change.switched = changed.switched;
  return absl::OkStatus();
}

absl::Status RocksDbCatalog::RemoveOther(absl::string_view name) {
  ASSIGN_OR_RETURN(Entry * entry, FindChanging(name));
  RecordBatch batch(*handle_);
  RETURN_IF_ERROR(batch.Delete(Family::kCatalog, ModelChangeKey(name)));
  RETURN_IF_ERROR(AddRemoval(entry->change->other.collection.number, batch));
  RETURN_IF_ERROR(WriteEnd(entry->change->other, batch));
  entry->change.reset();
  return absl::OkStatus();
}

absl::Status RocksDbCatalog::EndModelChange(absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(RemoveOther(name));
  RemoveStrays();
  return absl::OkStatus();
}

}  // namespace likeness
