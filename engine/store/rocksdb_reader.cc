#include "engine/store/rocksdb_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/keys.h"
#include "engine/store/op_scan.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/iterator.h"

namespace likeness {

RocksDbReader::RocksDbReader(std::shared_ptr<RocksDbHandle> handle,
                             const StoredCollection& collection)
    : handle_(std::move(handle)),
      number_(collection.number),
      dimensions_(collection.spec.dimensions) {
  options_.snapshot = handle_->db()->GetSnapshot();
}

RocksDbReader::~RocksDbReader() {
  handle_->db()->ReleaseSnapshot(options_.snapshot);
}

absl::StatusOr<std::shared_ptr<const RocksDbReader>> RocksDbReader::Make(
    std::shared_ptr<RocksDbHandle> handle, const StoredCollection& collection) {
  std::shared_ptr<RocksDbReader> reader(
      new RocksDbReader(std::move(handle), collection));
  // Written in one batch with every operation, so it belongs to the snapshot.
  ASSIGN_OR_RETURN(const auto state,
                   reader->handle_->Get(reader->options_, Family::kCatalog,
                                        StateKey(collection.number)));
  if (state.has_value()) {
    ASSIGN_OR_RETURN(reader->state_, DecodeState(*state));
  }
  return reader;
}

absl::StatusOr<CurrentVersion> RocksDbReader::FindVersion(
    absl::string_view id) const {
  ASSIGN_OR_RETURN(const auto record,
                   handle_->Get(options_, Family::kIds, IdKey(number_, id)));
  if (!record.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no item \"", id, "\""));
  }
  return DecodeVersion(*record);
}

absl::StatusOr<Item> RocksDbReader::Get(absl::string_view id,
                                        ReadParts parts) const {
  ASSIGN_OR_RETURN(const CurrentVersion version, FindVersion(id));
  ASSIGN_OR_RETURN(auto items, GetByOps({version.op_id}, parts));
  if (!items.front().has_value()) {
    return CorruptRecord(absl::StrCat("item \"", id, "\""), "it is missing");
  }
  return *std::move(items.front());
}

absl::StatusOr<ItemVectors> RocksDbReader::GetVectors(
    absl::string_view id) const {
  ASSIGN_OR_RETURN(const CurrentVersion version, FindVersion(id));
  ASSIGN_OR_RETURN(
      const auto record,
      handle_->Get(options_, Family::kVectors, OpKey(number_, version.op_id)));
  if (!record.has_value()) {
    return CorruptRecord(absl::StrCat("the vectors of item \"", id, "\""),
                         "it is missing");
  }
  ItemVectors vectors;
  RETURN_IF_ERROR(DecodeVectors(*record, dimensions_, vectors));
  return vectors;
}

absl::StatusOr<std::vector<uint64_t>> RocksDbReader::FindOps(
    absl::Span<const std::string> ids) const {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const std::string& id : ids) keys.push_back(IdKey(number_, id));
  ASSIGN_OR_RETURN(const auto records,
                   handle_->MultiGet(options_, Family::kIds, keys));
  std::vector<uint64_t> op_ids(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!records[i].has_value()) continue;
    ASSIGN_OR_RETURN(const CurrentVersion version, DecodeVersion(*records[i]));
    op_ids[i] = version.op_id;
  }
  return op_ids;
}

absl::StatusOr<std::vector<std::optional<Item>>> RocksDbReader::GetMany(
    absl::Span<const std::string> ids, ReadParts parts) const {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> versions, FindOps(ids));
  std::vector<uint64_t> op_ids;
  std::vector<size_t> places;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (versions[i] == 0) continue;
    op_ids.push_back(versions[i]);
    places.push_back(i);
  }
  ASSIGN_OR_RETURN(auto found, GetByOps(op_ids, parts));
  std::vector<std::optional<Item>> items(ids.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i].has_value()) {
      return CorruptRecord(absl::StrCat("item \"", ids[places[i]], "\""),
                           "it is missing");
    }
    items[places[i]] = std::move(found[i]);
  }
  return items;
}

absl::StatusOr<std::vector<std::optional<Item>>> RocksDbReader::GetByOps(
    absl::Span<const uint64_t> op_ids, ReadParts parts) const {
  std::vector<std::string> keys;
  keys.reserve(op_ids.size());
  for (const uint64_t op_id : op_ids) keys.push_back(OpKey(number_, op_id));
  ASSIGN_OR_RETURN(const auto records,
                   handle_->MultiGet(options_, Family::kItems, keys));
  std::vector<std::optional<Item>> items(op_ids.size());
  for (size_t i = 0; i < op_ids.size(); ++i) {
    if (!records[i].has_value()) continue;
    ASSIGN_OR_RETURN(items[i], DecodeItem(*records[i]));
    if (items[i]->op_id != op_ids[i]) {
      return CorruptRecord(absl::StrCat("operation ", op_ids[i]),
                           "it belongs to another operation");
    }
  }
  if (parts.thumbnail) RETURN_IF_ERROR(AddThumbnails(keys, items));
  return items;
}

absl::Status RocksDbReader::AddThumbnails(
    const std::vector<std::string>& keys,
    std::vector<std::optional<Item>>& items) const {
  ASSIGN_OR_RETURN(auto thumbnails,
                   handle_->MultiGet(options_, Family::kThumbnails, keys));
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].has_value() && thumbnails[i].has_value()) {
      items[i]->thumbnail_jpeg = *std::move(thumbnails[i]);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ItemPage> RocksDbReader::List(absl::string_view start_id,
                                             int limit, ReadParts parts) const {
  const std::string end = PrefixAfter(number_);
  const rocksdb::Slice upper_bound(end);
  rocksdb::ReadOptions options = options_;
  options.iterate_upper_bound = &upper_bound;
  const std::unique_ptr<rocksdb::Iterator> ids(
      handle_->db()->NewIterator(options, handle_->family(Family::kIds)));
  ItemPage page;
  std::vector<uint64_t> op_ids;
  for (ids->Seek(IdKey(number_, start_id)); ids->Valid(); ids->Next()) {
    if (op_ids.size() == static_cast<size_t>(std::max(limit, 0))) {
      page.next_id = std::string(IdOfKey(FromSlice(ids->key())));
      break;
    }
    ASSIGN_OR_RETURN(const CurrentVersion version,
                     DecodeVersion(FromSlice(ids->value())));
    op_ids.push_back(version.op_id);
  }
  RETURN_IF_ERROR(FromRocksDb(ids->status(), "cannot list"));
  ASSIGN_OR_RETURN(auto items, GetByOps(op_ids, parts));
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i].has_value()) {
      return CorruptRecord(absl::StrCat("operation ", op_ids[i]),
                           "its item is missing");
    }
    page.items.push_back(*std::move(items[i]));
  }
  return page;
}

absl::StatusOr<std::vector<ItemVersion>> RocksDbReader::ListExpired(
    absl::Time now, int limit) const {
  // The first moment that is not yet over.
  const std::string end = ExpiryKey(number_, absl::ToUnixMicros(now) + 1, 0);
  const rocksdb::Slice upper_bound(end);
  rocksdb::ReadOptions options = options_;
  options.iterate_upper_bound = &upper_bound;
  const std::unique_ptr<rocksdb::Iterator> notes(
      handle_->db()->NewIterator(options, handle_->family(Family::kExpiry)));
  std::vector<uint64_t> op_ids;
  for (notes->Seek(CollectionPrefix(number_)); notes->Valid(); notes->Next()) {
    if (op_ids.size() == static_cast<size_t>(std::max(limit, 0))) break;
    const std::optional<uint64_t> op_id =
        OpIdOfExpiryKey(FromSlice(notes->key()));
    if (!op_id.has_value()) {
      return CorruptRecord("an expiry", "its key has not 20 bytes");
    }
    op_ids.push_back(*op_id);
  }
  RETURN_IF_ERROR(FromRocksDb(notes->status(), "cannot list what expired"));
  ASSIGN_OR_RETURN(const auto items, GetByOps(op_ids, ReadParts{}));
  std::vector<ItemVersion> expired;
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i].has_value()) {
      return CorruptRecord(absl::StrCat("operation ", op_ids[i]),
                           "its item is missing");
    }
    expired.push_back({items[i]->id, op_ids[i]});
  }
  return expired;
}

absl::Status RocksDbReader::ScanVectors(uint64_t op_id,
                                        const VectorVisitor& visit) const {
  ItemVectors vectors;
  OpScan scan(*handle_, options_, number_, Family::kVectors, op_id);
  for (; scan.Valid(); scan.Next()) {
    const std::optional<uint64_t> row = OpIdOfKey(scan.key());
    if (!row.has_value()) {
      return CorruptRecord("vectors", "its key has not 12 bytes");
    }
    RETURN_IF_ERROR(DecodeVectors(scan.value(), dimensions_, vectors));
    RETURN_IF_ERROR(visit(*row, vectors));
  }
  return scan.status();
}

absl::StatusOr<std::vector<uint64_t>> RocksDbReader::ListReplaced(
    uint64_t op_id) const {
  std::vector<uint64_t> replaced;
  OpScan scan(*handle_, options_, number_, Family::kLog, op_id);
  for (; scan.Valid(); scan.Next()) {
    ASSIGN_OR_RETURN(const uint64_t replaced_op_id,
                     DecodeReplacedOpId(scan.value()));
    if (replaced_op_id != 0) replaced.push_back(replaced_op_id);
  }
  RETURN_IF_ERROR(scan.status());
  return replaced;
}

absl::StatusOr<std::vector<Operation>> RocksDbReader::ListOperations(
    uint64_t op_id, int limit) const {
  std::vector<Operation> operations;
  std::vector<uint64_t> op_ids;
  OpScan scan(*handle_, options_, number_, Family::kLog, op_id);
  for (; scan.Valid() && operations.size() < static_cast<size_t>(limit);
       scan.Next()) {
    ASSIGN_OR_RETURN(OwnedLogEntry entry, DecodeLogEntry(scan.value()));
    Operation& operation = operations.emplace_back();
    operation.kind = entry.kind;
    operation.op_id = op_id + operations.size();
    operation.time = entry.time;
    operation.item.id = std::move(entry.id);
    if (OpIdOfKey(scan.key()) != operation.op_id) {
      return CorruptRecord(absl::StrCat("operation ", operation.op_id),
                           "it is missing in the log");
    }
    op_ids.push_back(operation.op_id);
  }
  RETURN_IF_ERROR(scan.status());
  ASSIGN_OR_RETURN(auto items, GetByOps(op_ids, {.thumbnail = true}));
  for (size_t i = 0; i < items.size(); ++i) {
    if (operations[i].kind != Operation::Kind::kPut) continue;
    if (items[i].has_value()) {
      operations[i].item = *std::move(items[i]);
    } else {
      operations[i].kind = Operation::Kind::kSuperseded;
    }
  }
  return operations;
}

}  // namespace likeness
