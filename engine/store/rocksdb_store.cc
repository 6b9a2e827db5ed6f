#include "engine/store/rocksdb_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/rocksdb_reader.h"
#include "engine/store/write_plan.h"

namespace likeness {

RocksDbStore::RocksDbStore(std::shared_ptr<RocksDbHandle> handle,
                           const StoredCollection& collection,
                           std::shared_ptr<StoreLife> life,
                           const StoreState& state)
    : handle_(std::move(handle)),
      collection_(collection),
      life_(std::move(life)),
      state_(state),
      last_op_id_(state.last_op_id),
      live_items_(state.live_items) {}

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::Make(
    std::shared_ptr<RocksDbHandle> handle, const StoredCollection& collection,
    std::shared_ptr<StoreLife> life) {
  ASSIGN_OR_RETURN(const auto now, RocksDbReader::Make(handle, collection));
  return std::unique_ptr<RocksDbStore>(new RocksDbStore(
      std::move(handle), collection, std::move(life), now->state()));
}

absl::Status RocksDbStore::CheckNotDropped() const {
  if (!life_->dropped) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "collection \"", collection_.spec.name, "\" was deleted")),
      kReasonCollectionDeleted);
}

absl::StatusOr<Committed> RocksDbStore::Apply(std::vector<AtomicWrite> writes) {
  absl::MutexLock lock(&life_->mutex);
  RETURN_IF_ERROR(CheckNotDropped());
  // Before anybody is told that there was nothing to delete, say.
  RETURN_IF_ERROR(handle_->Recover());
  WritePlan plan(*handle_, collection_, state_, absl::Now());
  RETURN_IF_ERROR(plan.Prepare(std::move(writes)));
  if (plan.batch().Count() > 0) {
    RETURN_IF_ERROR(handle_->Write(plan.batch()));
    state_ = plan.state();
    last_op_id_.store(state_.last_op_id, std::memory_order_release);
    live_items_.store(state_.live_items, std::memory_order_release);
  }
  return plan.TakeCommitted();
}

absl::StatusOr<std::shared_ptr<const StoreReader>> RocksDbStore::Snapshot()
    const {
  return RocksDbReader::Make(handle_, collection_);
}

absl::StatusOr<Item> RocksDbStore::Get(absl::string_view id,
                                       ReadParts parts) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->Get(id, parts);
}

absl::StatusOr<ItemVectors> RocksDbStore::GetVectors(
    absl::string_view id) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->GetVectors(id);
}

absl::StatusOr<std::vector<std::optional<Item>>> RocksDbStore::GetMany(
    absl::Span<const std::string> ids, ReadParts parts) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->GetMany(ids, parts);
}

absl::StatusOr<std::vector<uint64_t>> RocksDbStore::FindOps(
    absl::Span<const std::string> ids) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->FindOps(ids);
}

absl::StatusOr<std::vector<std::optional<Item>>> RocksDbStore::GetByOps(
    absl::Span<const uint64_t> op_ids, ReadParts parts) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->GetByOps(op_ids, parts);
}

absl::StatusOr<ItemPage> RocksDbStore::List(absl::string_view start_id,
                                            int limit, ReadParts parts) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->List(start_id, limit, parts);
}

absl::StatusOr<std::vector<ExpiredItem>> RocksDbStore::ListExpired(
    absl::Time now, int limit) const {
  ASSIGN_OR_RETURN(const auto snapshot, Snapshot());
  return snapshot->ListExpired(now, limit);
}

absl::Status RocksDbStore::ScanVectors(uint64_t op_id,
                                       const VectorVisitor& visit) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->ScanVectors(op_id, visit);
}

absl::StatusOr<std::vector<uint64_t>> RocksDbStore::ListReplaced(
    uint64_t op_id) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->ListReplaced(op_id);
}

std::string RocksDbStore::derived_folder() const {
  return handle_->folder().derived_path(collection_.number);
}

}  // namespace likeness
