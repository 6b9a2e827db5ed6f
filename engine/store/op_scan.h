// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_OP_SCAN_H_
#define LIKENESS_ENGINE_STORE_OP_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/store/keys.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/iterator.h"

namespace likeness {

// The records of one family that a collection's operations after `op_id` wrote,
// in order. Borrows the handle.
class OpScan {
 public:
  // `options` hold the snapshot to read.
  OpScan(const RocksDbHandle& handle, rocksdb::ReadOptions options,
         uint32_t collection, Family family, uint64_t op_id)
      : end_(PrefixAfter(collection)), upper_bound_(end_) {
    options.iterate_upper_bound = &upper_bound_;
    options.readahead_size = kReadaheadBytes;
    options.fill_cache = false;  // One pass must not drive out what is hot.
    records_.reset(handle.db()->NewIterator(options, handle.family(family)));
    records_->Seek(OpKey(collection, op_id + 1));
  }
  OpScan(const OpScan&) = delete;
  OpScan& operator=(const OpScan&) = delete;

  bool Valid() const { return records_->Valid(); }
  void Next() { records_->Next(); }
  absl::string_view key() const { return FromSlice(records_->key()); }
  absl::string_view value() const { return FromSlice(records_->value()); }
  absl::Status status() const {
    return FromRocksDb(records_->status(), "cannot scan");
  }

 private:
  static constexpr size_t kReadaheadBytes = size_t{2} << 20;

  const std::string end_;
  const rocksdb::Slice upper_bound_;
  std::unique_ptr<rocksdb::Iterator> records_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_OP_SCAN_H_
