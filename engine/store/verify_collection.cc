#include "engine/store/verify_collection.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/store/collection_verifier.h"
#include "engine/store/keys.h"
#include "rocksdb/iterator.h"

namespace likeness {
namespace {

constexpr size_t kScanReadaheadBytes = size_t{2} << 20;
constexpr size_t kIdsARead = 1000;

}  // namespace

void CollectionVerifier::Run() {
  ++report_.collections;
  ReadState();
  ReadLog();
  ScanVersions(Family::kItems, /*complete=*/true,
               [this](uint64_t op_id, absl::string_view value) {
                 CheckItem(op_id, value);
               });
  ScanVersions(Family::kVectors, /*complete=*/true,
               [this](uint64_t op_id, absl::string_view value) {
                 CheckVectors(op_id, value);
               });
  ScanVersions(Family::kThumbnails, /*complete=*/false,
               [](uint64_t, absl::string_view) {});
  CheckUnembedded();
  CheckExpiry();
  CheckRequests();
  CheckIds();
}

void CollectionVerifier::Scan(Family family, const Visitor& visit) {
  const std::string end = PrefixAfter(collection_.number);
  const rocksdb::Slice upper_bound(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_bound;
  options.readahead_size = kScanReadaheadBytes;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> records(
      handle_.db()->NewIterator(options, handle_.family(family)));
  for (records->Seek(CollectionPrefix(collection_.number)); records->Valid();
       records->Next()) {
    visit(FromSlice(records->key()), FromSlice(records->value()));
  }
  if (!records->status().ok()) {
    Add(absl::StrCat(handle_.family(family)->GetName(), ": ",
                     records->status().ToString()));
  }
}

void CollectionVerifier::ScanVersions(Family family, bool complete,
                                      const OpVisitor& visit) {
  const std::string& name = handle_.family(family)->GetName();
  uint64_t found = 0;
  Scan(family, [&](absl::string_view key, absl::string_view value) {
    const std::optional<uint64_t> op_id = OpIdOfKey(key);
    if (!op_id.has_value()) {
      Add(absl::StrCat(name, ": a key has not 12 bytes"));
    } else if (!IsLive(*op_id)) {
      Add(*op_id, absl::StrCat(name,
                               ": has a record of a version that is not "
                               "current"));
    } else {
      ++found;
      visit(*op_id, value);
    }
  });
  if (complete && found != live_items_) {
    Add(absl::StrCat(name, ": has records of ", found, " of ", live_items_,
                     " items"));
  }
}

void CollectionVerifier::ReadState() {
  const auto record = handle_.Get(rocksdb::ReadOptions(), Family::kCatalog,
                                  StateKey(collection_.number));
  if (!record.ok()) return Add(record.status().message());
  if (!record->has_value()) return;
  const absl::StatusOr<StoreState> state = DecodeState(**record);
  if (!state.ok()) return Add(state.status().message());
  state_ = *state;
}

void CollectionVerifier::ReadLog() {
  live_.assign(1, false);  // There is no operation 0.
  Scan(Family::kLog, [this](absl::string_view key, absl::string_view value) {
    const std::optional<uint64_t> op_id = OpIdOfKey(key);
    if (!op_id.has_value()) return Add("log: a key has not 12 bytes");
    if (*op_id > state_.last_op_id || *op_id < live_.size()) {
      return Add(*op_id, absl::StrCat("is logged, though the newest is ",
                                      state_.last_op_id));
    }
    if (*op_id != live_.size()) {
      Add(absl::StrCat("log: operations ", live_.size(), " to ", *op_id - 1,
                       " are missing"));
    }
    live_.resize(*op_id + 1, false);
    ++report_.operations;
    const absl::StatusOr<OwnedLogEntry> entry = DecodeLogEntry(value);
    if (!entry.ok()) return Add(*op_id, entry.status().message());
    CheckEntry(*op_id, *entry);
  });
  if (live_.size() != state_.last_op_id + 1) {
    Add(absl::StrCat("log: ends at operation ", live_.size() - 1,
                     ", the newest is ", state_.last_op_id));
  }
  if (live_items_ != state_.live_items) {
    Add(absl::StrCat("counts ", state_.live_items, " items, its log leaves ",
                     live_items_));
  }
}

void CollectionVerifier::CheckEntry(uint64_t op_id,
                                    const OwnedLogEntry& entry) {
  const uint64_t replaced = entry.replaced_op_id;
  if (replaced != 0) {
    if (!IsLive(replaced)) {
      Add(op_id, absl::StrCat("replaces operation ", replaced,
                              ", which wrote no current version"));
    } else {
      live_[replaced] = false;
      --live_items_;
    }
  }
  switch (entry.kind) {
    case Operation::Kind::kPut:
      live_[op_id] = true;
      ++live_items_;
      break;
    case Operation::Kind::kDelete:
      if (replaced == 0) Add(op_id, "deletes nothing");
      break;
    case Operation::Kind::kSuperseded:
      if (replaced != 0) Add(op_id, "is superseded, and replaces one");
      break;
  }
}

void CollectionVerifier::CheckIds() {
  std::vector<NamedVersion> names;
  uint64_t found = 0;
  Scan(Family::kIds, [&](absl::string_view key, absl::string_view value) {
    const std::string id(IdOfKey(key));
    const absl::StatusOr<CurrentVersion> version = DecodeVersion(value);
    if (!version.ok()) {
      return Add(absl::StrCat("id \"", id, "\": ", version.status().message()));
    }
    if (!IsLive(version->op_id)) {
      return Add(version->op_id,
                 absl::StrCat("is that of id \"", id,
                              "\", and wrote no current version"));
    }
    ++found;
    names.push_back({id, version->op_id});
    if (names.size() < kIdsARead) return;
    CheckNames(names);
    names.clear();
  });
  CheckNames(names);
  if (found != live_items_) {
    Add(absl::StrCat("ids: has records of ", found, " of ", live_items_,
                     " items"));
  }
}

void CollectionVerifier::CheckNames(absl::Span<const NamedVersion> names) {
  std::vector<std::string> keys;
  keys.reserve(names.size());
  for (const NamedVersion& name : names) {
    keys.push_back(OpKey(collection_.number, name.op_id));
  }
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  for (const Family family : {Family::kItems, Family::kLog}) {
    const auto records = handle_.MultiGet(options, family, keys);
    if (!records.ok()) return Add(records.status().message());
    for (size_t i = 0; i < names.size(); ++i) {
      const std::optional<std::string>& record = (*records)[i];
      if (!record.has_value()) continue;  // Told by who counted them.
      std::string id;
      if (family == Family::kItems) {
        const absl::StatusOr<Item> item = DecodeItem(*record);
        id = item.ok() ? item->id : names[i].id;
      } else {
        const absl::StatusOr<OwnedLogEntry> entry = DecodeLogEntry(*record);
        id = entry.ok() ? entry->id : names[i].id;
      }
      if (id == names[i].id) continue;
      Add(names[i].op_id,
          absl::StrCat(handle_.family(family)->GetName(), ": is of item \"", id,
                       "\", the id record says \"", names[i].id, "\""));
    }
  }
}

void VerifyCollection(const RocksDbHandle& handle,
                      const StoredCollection& collection,
                      const GenerationName& name, VerifyReport& report) {
  CollectionVerifier(handle, collection, name, report).Run();
}

}  // namespace likeness
