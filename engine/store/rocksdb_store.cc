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
                           std::shared_ptr<StoreLife> life)
    : handle_(std::move(handle)),
      collection_(collection),
      life_(std::move(life)) {}

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::Make(
    std::shared_ptr<RocksDbHandle> handle, const StoredCollection& collection,
    std::shared_ptr<StoreLife> life) {
  ASSIGN_OR_RETURN(const auto now, RocksDbReader::Make(handle, collection));
  std::unique_ptr<RocksDbStore> store(
      new RocksDbStore(std::move(handle), collection, std::move(life)));
  store->last_op_id_ = now->last_op_id();
  store->live_items_ = now->size();
  return store;
}

absl::Status RocksDbStore::CheckWritable() {
  if (life_->dropped) {
    return WithReason(
        absl::FailedPreconditionError(absl::StrCat(
            "collection \"", collection_.spec.name, "\" was deleted")),
        kReasonCollectionDeleted);
  }
  if (recover_first_) {
    RETURN_IF_ERROR(
        FromRocksDb(handle_->db()->Resume(), "the store is read-only"));
    recover_first_ = false;
  }
  return absl::OkStatus();
}

absl::Status RocksDbStore::CheckVectors(const Mutation& mutation) const {
  if (mutation.kind != Mutation::Kind::kPut) return absl::OkStatus();
  for (const Space space : kAllSpaces) {
    const size_t size = mutation.vectors[space].size();
    const auto dimensions =
        static_cast<size_t>(collection_.spec.dimensions[space]);
    if (size != 0 && size != dimensions) {
      return InvalidField(
          absl::StrCat("vectors.", SpaceName(space)),
          absl::StrCat("has ", size, " values, must have ", dimensions));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Applied>> RocksDbStore::Apply(
    absl::Span<const Mutation> mutations) {
  for (const Mutation& mutation : mutations) {
    RETURN_IF_ERROR(CheckVectors(mutation));
  }
  absl::MutexLock lock(&life_->mutex);
  RETURN_IF_ERROR(CheckWritable());
  WritePlan plan(*handle_, collection_, {last_op_id(), size()}, absl::Now());
  RETURN_IF_ERROR(plan.Prepare(mutations));
  if (plan.state().last_op_id != last_op_id()) {
    rocksdb::WriteOptions options;
    options.sync = true;
    options.protection_bytes_per_key = 8;
    const rocksdb::Status written =
        handle_->db()->Write(options, &plan.batch());
    if (!written.ok()) {
      recover_first_ = true;
      return FromRocksDb(written, "cannot write");
    }
    last_op_id_.store(plan.state().last_op_id, std::memory_order_release);
    live_items_.store(plan.state().live_items, std::memory_order_release);
  }
  return plan.TakeApplied();
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
