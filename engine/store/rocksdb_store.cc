#include "engine/store/rocksdb_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/compact_collection.h"
#include "engine/store/rocksdb_reader.h"

namespace likeness {

RocksDbStore::RocksDbStore(std::shared_ptr<RocksDbHandle> handle,
                           const StoredCollection& collection,
                           std::shared_ptr<StoreLife> life)
    : handle_(std::move(handle)),
      collection_(collection),
      life_(std::move(life)) {
  absl::MutexLock lock(&life_->mutex);
  ShowState();
}

void RocksDbStore::ShowState() {
  last_op_id_.store(life_->state.last_op_id, std::memory_order_release);
  live_items_.store(life_->state.live_items, std::memory_order_release);
  unembedded_.store(life_->state.unembedded_items, std::memory_order_release);
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
  if (!life_->current) {
    return WithReason(
        absl::AbortedError(absl::StrCat(
            "the model of collection \"", collection_.spec.name,
            "\" was changed meanwhile; look it up again and repeat the write")),
        kReasonModelChanged);
  }
  // Before anybody is told that there was nothing to delete, say.
  RETURN_IF_ERROR(handle_->Recover());
  WritePlan plan(*handle_, collection_, life_->state, absl::Now());
  RETURN_IF_ERROR(plan.Prepare(std::move(writes)));
  return Write(plan);
}

absl::StatusOr<Committed> RocksDbStore::Follow(
    std::vector<Operation> operations) {
  absl::MutexLock lock(&life_->mutex);
  RETURN_IF_ERROR(CheckNotDropped());
  if (life_->current) {
    return absl::FailedPreconditionError(
        absl::StrCat("collection \"", collection_.spec.name,
                     "\" stands for this generation, which follows no other"));
  }
  WritePlan plan(*handle_, collection_, life_->state, absl::Now());
  RETURN_IF_ERROR(plan.PrepareFollow(std::move(operations)));
  return Write(plan);
}

absl::StatusOr<Committed> RocksDbStore::Write(WritePlan& plan) {
  if (plan.batch().Count() == 0) return plan.TakeCommitted();
  RETURN_IF_ERROR(handle_->Write(plan.batch()));
  life_->state = plan.state();
  ShowState();
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

absl::StatusOr<std::vector<ItemVersion>> RocksDbStore::ListExpired(
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

absl::StatusOr<std::vector<Operation>> RocksDbStore::ListOperations(
    uint64_t op_id, int limit) const {
  ASSIGN_OR_RETURN(const auto now, Snapshot());
  return now->ListOperations(op_id, limit);
}

absl::StatusOr<uint64_t> RocksDbStore::DiskBytes() const {
  return DiskBytesOf(*handle_, collection_.number);
}

absl::Status RocksDbStore::Compact(const ShareDone& progress,
                                   std::atomic<bool>& stop) {
  return CompactCollection(*handle_, collection_.number, progress, stop);
}

std::string RocksDbStore::derived_folder() const {
  return handle_->folder().derived_path(collection_.number);
}

}  // namespace likeness
