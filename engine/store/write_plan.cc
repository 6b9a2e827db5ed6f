#include "engine/store/write_plan.h"

#include "engine/core/status_macros.h"
#include "engine/store/keys.h"

namespace likeness {

WritePlan::WritePlan(const RocksDbHandle& handle,
                     const StoredCollection& collection, StoreState state,
                     absl::Time now)
    : handle_(handle), collection_(collection), state_(state), now_(now) {}

absl::Status WritePlan::Prepare(absl::Span<const Mutation> mutations) {
  RETURN_IF_ERROR(FindStored(mutations));
  applied_.reserve(mutations.size());
  for (const Mutation& mutation : mutations) RETURN_IF_ERROR(Number(mutation));
  for (const auto& [id, touched] : touched_) {
    RETURN_IF_ERROR(WriteItem(id, touched));
  }
  return Put(Family::kCatalog, StateKey(collection_.number),
             EncodeState(state_));
}

absl::Status WritePlan::FindStored(absl::Span<const Mutation> mutations) {
  for (const Mutation& mutation : mutations) touched_[mutation.item.id];
  std::vector<std::string> keys;
  keys.reserve(touched_.size());
  for (const auto& [id, touched] : touched_) {
    keys.push_back(IdKey(collection_.number, id));
  }
  ASSIGN_OR_RETURN(const auto records, handle_.MultiGet(rocksdb::ReadOptions(),
                                                        Family::kIds, keys));
  auto record = records.begin();
  for (auto& [id, touched] : touched_) {
    if (record->has_value()) {
      ASSIGN_OR_RETURN(touched.stored, DecodeVersion(**record));
      touched.current = touched.stored;
    }
    ++record;
  }
  return absl::OkStatus();
}

absl::Status WritePlan::Number(const Mutation& mutation) {
  Touched& touched = touched_.find(mutation.item.id)->second;
  const bool is_put = mutation.kind == Mutation::Kind::kPut;
  Applied& applied = applied_.emplace_back();
  if (!is_put && !touched.current.has_value()) return absl::OkStatus();

  applied.op_id = ++state_.last_op_id;
  absl::Time created = now_;
  if (touched.current.has_value()) {
    applied.replaced_op_id = touched.current->op_id;
    created = touched.current->created;
  }
  if (is_put) {
    if (!touched.current.has_value()) ++state_.live_items;
    touched.current = CurrentVersion{applied.op_id, created};
    touched.put = &mutation;
  } else {
    --state_.live_items;
    touched.current.reset();
  }
  return Put(Family::kLog, OpKey(collection_.number, applied.op_id),
             EncodeLogEntry({mutation.kind, mutation.item.id, now_,
                             applied.replaced_op_id.value_or(0)}));
}

absl::Status WritePlan::WriteItem(absl::string_view id,
                                  const Touched& touched) {
  const std::string key = IdKey(collection_.number, id);
  if (touched.stored.has_value()) {
    const uint64_t old_op = touched.stored->op_id;
    if (touched.current.has_value() && touched.current->op_id == old_op) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(DeleteVersion(old_op));
  }
  if (touched.current.has_value()) {
    RETURN_IF_ERROR(WriteVersion(touched));
    return Put(Family::kIds, key, EncodeVersion(*touched.current));
  }
  return touched.stored.has_value() ? Delete(Family::kIds, key)
                                    : absl::OkStatus();
}

absl::Status WritePlan::WriteVersion(const Touched& touched) {
  Item item = touched.put->item;
  item.op_id = touched.current->op_id;
  item.created = touched.current->created;
  item.updated = now_;
  const std::string key = OpKey(collection_.number, item.op_id);
  RETURN_IF_ERROR(Put(Family::kItems, key, EncodeItem(item)));
  RETURN_IF_ERROR(
      Put(Family::kVectors, key, EncodeVectors(touched.put->vectors)));
  if (item.thumbnail_jpeg.empty() || !collection_.spec.keep_thumbnails) {
    return absl::OkStatus();
  }
  return Put(Family::kThumbnails, key, item.thumbnail_jpeg);
}

absl::Status WritePlan::DeleteVersion(uint64_t op_id) {
  const std::string key = OpKey(collection_.number, op_id);
  RETURN_IF_ERROR(Delete(Family::kItems, key));
  RETURN_IF_ERROR(Delete(Family::kVectors, key));
  return Delete(Family::kThumbnails, key);
}

absl::Status WritePlan::Put(Family family, absl::string_view key,
                            absl::string_view value) {
  return FromRocksDb(
      batch_.Put(handle_.family(family), ToSlice(key), ToSlice(value)),
      "cannot write");
}

absl::Status WritePlan::Delete(Family family, absl::string_view key) {
  return FromRocksDb(batch_.Delete(handle_.family(family), ToSlice(key)),
                     "cannot write");
}

}  // namespace likeness
