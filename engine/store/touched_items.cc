#include "engine/store/touched_items.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/store/keys.h"

namespace likeness {
namespace {

absl::Status AddVersions(const RocksDbHandle& handle, uint32_t collection,
                         TouchedItems& items) {
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const auto& [id, item] : items) keys.push_back(IdKey(collection, id));
  ASSIGN_OR_RETURN(const auto records,
                   handle.MultiGet(rocksdb::ReadOptions(), Family::kIds, keys));
  auto record = records.begin();
  for (auto& [id, item] : items) {
    if (record->has_value()) {
      ASSIGN_OR_RETURN(item.stored, DecodeVersion(**record));
      item.current = item.stored;
    }
    ++record;
  }
  return absl::OkStatus();
}

// The items with a stored version that a mutation of `writes` follows: patches
// build on it, Condition::kChanged compares with it.
std::vector<TouchedItem*> WithContent(absl::Span<const AtomicWrite> writes,
                                      bool patches_only, TouchedItems& items) {
  std::vector<TouchedItem*> found;
  for (const AtomicWrite& write : writes) {
    for (const Mutation& mutation : write.mutations) {
      const bool patches = mutation.kind == Mutation::Kind::kPatch;
      const bool compares =
          mutation.condition.kind == Condition::Kind::kChanged;
      if (!patches && (patches_only || !compares)) continue;
      TouchedItem& item = items.find(mutation.item.id)->second;
      if (item.stored.has_value()) found.push_back(&item);
    }
  }
  return found;
}

std::vector<std::string> KeysOf(uint32_t collection,
                                const std::vector<TouchedItem*>& items) {
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const TouchedItem* item : items) {
    keys.push_back(OpKey(collection, item->stored->op_id));
  }
  return keys;
}

absl::Status ReadContents(const RocksDbHandle& handle,
                          const StoredCollection& collection,
                          const std::vector<TouchedItem*>& items) {
  const std::vector<std::string> keys = KeysOf(collection.number, items);
  const rocksdb::ReadOptions options;
  ASSIGN_OR_RETURN(const auto records,
                   handle.MultiGet(options, Family::kItems, keys));
  ASSIGN_OR_RETURN(const auto vectors,
                   handle.MultiGet(options, Family::kVectors, keys));
  for (size_t i = 0; i < items.size(); ++i) {
    if (!records[i].has_value() || !vectors[i].has_value()) {
      return CorruptRecord(absl::StrCat("operation ", items[i]->stored->op_id),
                           "its item or its vectors are missing");
    }
    Mutation& content = items[i]->content.emplace();
    ASSIGN_OR_RETURN(content.item, DecodeItem(*records[i]));
    RETURN_IF_ERROR(DecodeVectors(*vectors[i], collection.spec.dimensions,
                                  content.vectors));
  }
  return absl::OkStatus();
}

absl::Status ReadThumbnails(const RocksDbHandle& handle, uint32_t collection,
                            const std::vector<TouchedItem*>& items) {
  ASSIGN_OR_RETURN(auto thumbnails,
                   handle.MultiGet(rocksdb::ReadOptions(), Family::kThumbnails,
                                   KeysOf(collection, items)));
  for (size_t i = 0; i < items.size(); ++i) {
    if (!thumbnails[i].has_value()) continue;
    items[i]->content->item.thumbnail_jpeg = *std::move(thumbnails[i]);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TouchedItems> ReadTouched(const RocksDbHandle& handle,
                                         const StoredCollection& collection,
                                         absl::Span<const AtomicWrite> writes) {
  TouchedItems items;
  for (const AtomicWrite& write : writes) {
    for (const Mutation& mutation : write.mutations) items[mutation.item.id];
  }
  RETURN_IF_ERROR(AddVersions(handle, collection.number, items));
  if (const auto followed = WithContent(writes, /*patches_only=*/false, items);
      !followed.empty()) {
    RETURN_IF_ERROR(ReadContents(handle, collection, followed));
  }
  if (const auto patched = WithContent(writes, /*patches_only=*/true, items);
      !patched.empty()) {
    RETURN_IF_ERROR(ReadThumbnails(handle, collection.number, patched));
  }
  return items;
}

absl::StatusOr<TouchedItems> ReadVersions(const RocksDbHandle& handle,
                                          uint32_t collection,
                                          absl::Span<const std::string> ids) {
  TouchedItems items;
  for (const std::string& id : ids) items[id];
  RETURN_IF_ERROR(AddVersions(handle, collection, items));
  return items;
}

}  // namespace likeness
