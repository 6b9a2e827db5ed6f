#include "engine/store/write_plan.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/fingerprint.h"
#include "engine/store/keys.h"

namespace likeness {
namespace {

// kChanged is no reason to refuse.
absl::Status CheckCondition(const Mutation& mutation,
                            const std::optional<CurrentVersion>& current) {
  const std::string& id = mutation.item.id;
  const Condition& condition = mutation.condition;
  if (condition.kind == Condition::Kind::kAbsent && current.has_value()) {
    return WithReason(absl::AlreadyExistsError(absl::StrCat(
                          "there is an item \"", id,
                          "\" already, of operation ", current->op_id)),
                      kReasonItemExists);
  }
  if (condition.kind == Condition::Kind::kOpId &&
      (!current.has_value() || current->op_id != condition.op_id)) {
    const std::string found =
        current.has_value()
            ? absl::StrCat("is of operation ", current->op_id, " by now")
            : "is not there";
    return WithReason(
        absl::AbortedError(absl::StrCat("item \"", id, "\" ", found,
                                        ", not of ", condition.op_id)),
        kReasonVersionMismatch);
  }
  if (mutation.kind == Mutation::Kind::kPatch && !current.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no item \"", id, "\""));
  }
  return absl::OkStatus();
}

}  // namespace

WritePlan::WritePlan(const RocksDbHandle& handle,
                     const StoredCollection& collection,
                     const StoreState& state, absl::Time now)
    : handle_(handle),
      collection_(collection),
      before_(state),
      state_(state),
      now_(ToStoredTime(now)),
      batch_(handle),
      requests_(handle, collection.number) {}

absl::Status WritePlan::CheckVectors(const CollectionSpec& spec,
                                     const Mutation& mutation) {
  for (const Space space : kAllSpaces) {
    RETURN_IF_ERROR(CheckItemVectors(absl::StrCat("vectors.", SpaceName(space)),
                                     spec.dimensions[space],
                                     mutation.vectors[space]));
  }
  return absl::OkStatus();
}

absl::Status WritePlan::Prepare(std::vector<AtomicWrite> writes) {
  ASSIGN_OR_RETURN(items_, ReadTouched(handle_, collection_, writes));
  RETURN_IF_ERROR(requests_.Load(writes));
  committed_.results.reserve(writes.size());
  for (AtomicWrite& write : writes) {
    committed_.results.push_back(Plan(std::move(write)));
  }
  RETURN_IF_ERROR(WriteLog());
  RETURN_IF_ERROR(WriteItems());
  RETURN_IF_ERROR(requests_.WriteTo(batch_, state_));
  return WriteState();
}

WriteResult WritePlan::Plan(AtomicWrite write) {
  if (write.request_id.empty()) return PlanAll(std::move(write.mutations));
  const Sha256Digest fingerprint = Fingerprint(write);
  ASSIGN_OR_RETURN(auto remembered,
                   requests_.Find(write.request_id, fingerprint));
  if (remembered.has_value()) return *std::move(remembered);
  ASSIGN_OR_RETURN(std::vector<Outcome> outcomes,
                   PlanAll(std::move(write.mutations)));
  requests_.Remember(write.request_id, fingerprint, outcomes);
  return outcomes;
}

absl::StatusOr<std::vector<Outcome>> WritePlan::PlanAll(
    std::vector<Mutation> mutations) {
  steps_.clear();
  const StoreState state = state_;
  const size_t operations = committed_.mutations.size();
  std::vector<Outcome> outcomes;
  outcomes.reserve(mutations.size());
  for (Mutation& mutation : mutations) {
    const absl::StatusOr<Outcome> outcome = PlanOne(std::move(mutation));
    if (!outcome.ok()) {
      TakeBack(state, operations);
      return outcome.status();
    }
    outcomes.push_back(*outcome);
  }
  return outcomes;
}

void WritePlan::TakeBack(const StoreState& state, size_t operations) {
  for (; !steps_.empty(); steps_.pop_back()) {
    steps_.back().item->current = steps_.back().current;
    steps_.back().item->made_by = steps_.back().made_by;
  }
  state_ = state;
  committed_.mutations.resize(operations);
  committed_.applied.resize(operations);
}

absl::StatusOr<Outcome> WritePlan::PlanOne(Mutation mutation) {
  TouchedItem& item = items_.find(mutation.item.id)->second;
  RETURN_IF_ERROR(CheckVectors(collection_.spec, mutation));
  RETURN_IF_ERROR(CheckCondition(mutation, item.current));
  if (mutation.kind == Mutation::Kind::kDelete) {
    if (!item.current.has_value()) return Outcome{};
    return Number(std::move(mutation), item);
  }
  if (mutation.ttl.has_value()) mutation.item.expires = now_ + *mutation.ttl;
  if (mutation.item.expires.has_value()) {
    mutation.item.expires = ToStoredTime(*mutation.item.expires);
  }
  if (mutation.kind == Mutation::Kind::kPatch) {
    ASSIGN_OR_RETURN(mutation, Resolve(mutation, ContentOf(item)));
  }
  if (mutation.condition.kind == Condition::Kind::kChanged &&
      item.current.has_value() && SameContent(mutation, ContentOf(item))) {
    return Outcome{Outcome::Change::kUnchanged, item.current->op_id};
  }
  return Number(std::move(mutation), item);
}

const Mutation& WritePlan::ContentOf(const TouchedItem& item) const {
  return item.made_by.has_value() ? committed_.mutations[*item.made_by]
                                  : *item.content;
}

// The put that `patch` comes to.
absl::StatusOr<Mutation> WritePlan::Resolve(const Mutation& patch,
                                            const Mutation& before) const {
  Mutation put = before;
  put.condition = patch.condition;
  if (patch.patch.set_expiry) put.item.expires = patch.item.expires;
  for (const auto& [name, value] : patch.patch.set) {
    put.item.metadata[name] = value;
  }
  for (const std::string& name : patch.patch.remove) {
    put.item.metadata.erase(name);
  }
  RETURN_IF_ERROR(WithContext(ValidateMetadata(put.item.metadata),
                              absl::StrCat("item \"", put.item.id, "\"")));
  return put;
}

Outcome WritePlan::Number(Mutation mutation, TouchedItem& item) {
  steps_.push_back({&item, item.current, item.made_by});
  Outcome outcome{Outcome::Change::kDeleted, state_.last_op_id + 1};
  if (mutation.kind != Mutation::Kind::kDelete) {
    outcome.change = item.current.has_value() ? Outcome::Change::kReplaced
                                              : Outcome::Change::kCreated;
    mutation.item.op_id = outcome.op_id;
    mutation.item.created =
        item.current.has_value() ? item.current->created : now_;
    mutation.item.updated = now_;
  }
  Advance(std::move(mutation), item);
  return outcome;
}

// The next operation is `mutation`, whose item has number and times already.
Applied WritePlan::Advance(Mutation mutation, TouchedItem& item) {
  Applied applied;
  applied.op_id = ++state_.last_op_id;
  if (item.current.has_value()) {
    applied.replaced_op_id = item.current->op_id;
    --state_.live_items;
    if (item.current->unembedded) --state_.unembedded_items;
    item.current.reset();
  }
  if (mutation.kind != Mutation::Kind::kDelete) {
    const bool unembedded = mutation.item.unembedded.has_value();
    ++state_.live_items;
    if (unembedded) ++state_.unembedded_items;
    item.current = CurrentVersion{applied.op_id, mutation.item.created,
                                  mutation.item.expires, unembedded};
    item.made_by = committed_.mutations.size();
  }
  committed_.mutations.push_back(std::move(mutation));
  committed_.applied.push_back(applied);
  return applied;
}

absl::Status WritePlan::WriteLog() {
  for (size_t i = 0; i < committed_.mutations.size(); ++i) {
    const Mutation& mutation = committed_.mutations[i];
    const Applied& applied = committed_.applied[i];
    const auto kind = mutation.kind == Mutation::Kind::kDelete
                          ? Operation::Kind::kDelete
                          : Operation::Kind::kPut;
    RETURN_IF_ERROR(
        batch_.Put(Family::kLog, OpKey(collection_.number, applied.op_id),
                   EncodeLogEntry({kind, mutation.item.id, now_,
                                   applied.replaced_op_id.value_or(0)})));
  }
  return absl::OkStatus();
}

absl::Status WritePlan::WriteItems() {
  for (const auto& [id, item] : items_) RETURN_IF_ERROR(WriteItem(id, item));
  return absl::OkStatus();
}

absl::Status WritePlan::WriteState() {
  if (state_ == before_) return absl::OkStatus();
  return batch_.Put(Family::kCatalog, StateKey(collection_.number),
                    EncodeState(state_));
}

absl::Status WritePlan::WriteItem(absl::string_view id,
                                  const TouchedItem& item) {
  const std::string key = IdKey(collection_.number, id);
  if (item.stored.has_value()) {
    if (item.current.has_value() && item.current->op_id == item.stored->op_id) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(DeleteVersion(*item.stored));
  }
  if (item.current.has_value()) {
    RETURN_IF_ERROR(WriteVersion(committed_.mutations[*item.made_by]));
    return batch_.Put(Family::kIds, key, EncodeVersion(*item.current));
  }
  return item.stored.has_value() ? batch_.Delete(Family::kIds, key)
                                 : absl::OkStatus();
}

absl::Status WritePlan::WriteVersion(const Mutation& put) {
  const Item& item = put.item;
  const std::string key = OpKey(collection_.number, item.op_id);
  RETURN_IF_ERROR(batch_.Put(Family::kItems, key, EncodeItem(item)));
  RETURN_IF_ERROR(
      batch_.Put(Family::kVectors, key,
                 EncodeVectors(put.vectors, collection_.spec.dimensions)));
  if (item.expires.has_value()) {
    RETURN_IF_ERROR(
        batch_.Put(Family::kExpiry,
                   ExpiryKey(collection_.number,
                             absl::ToUnixMicros(*item.expires), item.op_id),
                   ""));
  }
  if (item.thumbnail_jpeg.empty() || !collection_.spec.keep_thumbnails) {
    return absl::OkStatus();
  }
  return batch_.Put(Family::kThumbnails, key, item.thumbnail_jpeg);
}

absl::Status WritePlan::DeleteVersion(const CurrentVersion& version) {
  const std::string key = OpKey(collection_.number, version.op_id);
  RETURN_IF_ERROR(batch_.Delete(Family::kItems, key));
  RETURN_IF_ERROR(batch_.Delete(Family::kVectors, key));
  if (version.expires.has_value()) {
    RETURN_IF_ERROR(batch_.Delete(
        Family::kExpiry,
        ExpiryKey(collection_.number, absl::ToUnixMicros(*version.expires),
                  version.op_id)));
  }
  return batch_.Delete(Family::kThumbnails, key);
}

}  // namespace likeness
