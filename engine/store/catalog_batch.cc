#include "engine/store/catalog_batch.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/store/keys.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/iterator.h"

namespace likeness {

absl::Status AddRemoval(uint32_t number, RecordBatch& batch) {
  RETURN_IF_ERROR(batch.Delete(Family::kCatalog, StateKey(number)));
  for (const Family family :
       {Family::kIds, Family::kItems, Family::kThumbnails, Family::kVectors,
        Family::kLog, Family::kExpiry, Family::kRequests}) {
    RETURN_IF_ERROR(batch.DeleteAll(family, number));
  }
  return absl::OkStatus();
}

absl::Status AddRequests(const RocksDbHandle& handle, uint32_t from,
                         uint32_t to, RecordBatch& batch) {
  RETURN_IF_ERROR(batch.DeleteAll(Family::kRequests, to));
  const std::string end = PrefixAfter(from);
  const rocksdb::Slice upper_bound(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_bound;
  const std::unique_ptr<rocksdb::Iterator> records(
      handle.db()->NewIterator(options, handle.family(Family::kRequests)));
  for (records->Seek(CollectionPrefix(from)); records->Valid();
       records->Next()) {
    RETURN_IF_ERROR(batch.Put(
        Family::kRequests,
        absl::StrCat(CollectionPrefix(to), IdOfKey(FromSlice(records->key()))),
        FromSlice(records->value())));
  }
  return FromRocksDb(records->status(), "cannot read the requests");
}

}  // namespace likeness
