#ifndef LIKENESS_ENGINE_STORE_WRITE_PLAN_H_
#define LIKENESS_ENGINE_STORE_WRITE_PLAN_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/store/metadata_store.h"
#include "engine/store/record_batch.h"
#include "engine/store/records.h"
#include "engine/store/request_memory.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/touched_items.h"
#include "rocksdb/write_batch.h"

namespace likeness {

// Turns the writes of one Apply into one batch of records: refuses those that
// must not be, turns patches into puts, numbers the operations, finds what they
// replace, and writes of several versions of an item only the last. One object,
// one batch; borrows handle and collection.
class WritePlan {
 public:
  WritePlan(const RocksDbHandle& handle, const StoredCollection& collection,
            const StoreState& state, absl::Time now);

  // Reads the current versions and fills the batch. On an error the plan is
  // worth nothing.
  absl::Status Prepare(std::vector<AtomicWrite> writes);

  // Same, for operations that the collection's other generation has: each must
  // be the next, or INVALID_ARGUMENT says which is.
  absl::Status PrepareFollow(std::vector<Operation> operations);

  // After either. An empty batch needs no writing.
  rocksdb::WriteBatch& batch() { return batch_.get(); }
  // Where the collection will stand.
  const StoreState& state() const { return state_; }
  Committed TakeCommitted() { return std::move(committed_); }

 private:
  // What an operation found, for taking it back.
  struct Step {
    TouchedItem* item;
    std::optional<CurrentVersion> current;
    std::optional<size_t> made_by;
  };

  static absl::Status CheckVectors(const CollectionSpec& spec,
                                   const Mutation& mutation);

  WriteResult Plan(AtomicWrite write);
  absl::StatusOr<std::vector<Outcome>> PlanAll(std::vector<Mutation> mutations);
  absl::StatusOr<Outcome> PlanOne(Mutation mutation);
  absl::StatusOr<Mutation> Resolve(const Mutation& patch,
                                   const Mutation& before) const;
  const Mutation& ContentOf(const TouchedItem& item) const;
  Outcome Number(Mutation mutation, TouchedItem& item);
  Applied Advance(Mutation mutation, TouchedItem& item);
  void TakeBack(const StoreState& state, size_t operations);
  absl::Status FollowOne(Operation operation);

  absl::Status WriteLog();
  absl::Status WriteItems();
  absl::Status WriteState();
  absl::Status WriteItem(absl::string_view id, const TouchedItem& item);
  absl::Status WriteVersion(const Mutation& put);
  absl::Status DeleteVersion(const CurrentVersion& version);

  const RocksDbHandle& handle_;
  const StoredCollection& collection_;
  const StoreState before_;
  StoreState state_;
  const absl::Time now_;
  RecordBatch batch_;
  RequestMemory requests_;
  TouchedItems items_;
  std::vector<Step> steps_;  // Of the write that is being planned.
  Committed committed_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_WRITE_PLAN_H_
