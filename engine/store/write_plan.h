#ifndef LIKENESS_ENGINE_STORE_WRITE_PLAN_H_
#define LIKENESS_ENGINE_STORE_WRITE_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/store/metadata_store.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"
#include "rocksdb/write_batch.h"

namespace likeness {

// Turns the mutations of one Apply into one batch of records: numbers them,
// finds what they replace, and writes of several versions of an item only the
// last. One object, one batch.
class WritePlan {
 public:
  WritePlan(const RocksDbHandle& handle, const StoredCollection& collection,
            StoreState state, absl::Time now);

  // Reads the current versions and fills the batch. On an error the plan is
  // worth nothing.
  absl::Status Prepare(absl::Span<const Mutation> mutations);

  rocksdb::WriteBatch& batch() { return batch_; }
  // After Prepare: where the collection will stand, and what each mutation did.
  const StoreState& state() const { return state_; }
  std::vector<Applied> TakeApplied() { return std::move(applied_); }

 private:
  // An item that the mutations touch.
  struct Touched {
    std::optional<CurrentVersion> stored;   // Before the batch.
    std::optional<CurrentVersion> current;  // As far as planned.
    const Mutation* put = nullptr;          // That made `current`.
  };

  absl::Status FindStored(absl::Span<const Mutation> mutations);
  absl::Status Number(const Mutation& mutation);
  absl::Status WriteItem(absl::string_view id, const Touched& touched);
  absl::Status WriteVersion(const Touched& touched);
  absl::Status DeleteVersion(uint64_t op_id);
  absl::Status Put(Family family, absl::string_view key,
                   absl::string_view value);
  absl::Status Delete(Family family, absl::string_view key);

  const RocksDbHandle& handle_;
  const StoredCollection& collection_;
  StoreState state_;
  const absl::Time now_;
  rocksdb::WriteBatch batch_;
  std::vector<Applied> applied_;
  std::map<std::string, Touched, std::less<>> touched_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_WRITE_PLAN_H_
