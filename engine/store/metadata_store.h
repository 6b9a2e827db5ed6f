#ifndef LIKENESS_ENGINE_STORE_METADATA_STORE_H_
#define LIKENESS_ENGINE_STORE_METADATA_STORE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/core/space.h"
#include "engine/store/committed.h"
#include "engine/store/item.h"
#include "engine/store/item_page.h"
#include "engine/store/mutation.h"
#include "engine/store/operation.h"

namespace likeness {

// Reasons of a store's errors, beside those of engine/core/error.h.
//
// FAILED_PRECONDITION: a write to a collection that was deleted meanwhile.
inline constexpr absl::string_view kReasonCollectionDeleted =
    "COLLECTION_DELETED";
// ABORTED: the collection's name stands for its other generation by now.
inline constexpr absl::string_view kReasonModelChanged = "MODEL_CHANGED";
// RESOURCE_EXHAUSTED: the disk is full; UNAVAILABLE, INTERNAL: it can't be read
// or written.
inline constexpr absl::string_view kReasonStorageFailed = "STORAGE_FAILED";

// Reads of one collection. Thread-safe.
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  // NOT_FOUND names the id.
  virtual absl::StatusOr<Item> Get(absl::string_view id,
                                   ReadParts parts) const = 0;
  virtual absl::StatusOr<ItemVectors> GetVectors(
      absl::string_view id) const = 0;

  // The items called `ids`, in their order; nullopt where there is none.
  virtual absl::StatusOr<std::vector<std::optional<Item>>> GetMany(
      absl::Span<const std::string> ids, ReadParts parts) const = 0;

  // What wrote the current version of each; 0 where there is none.
  virtual absl::StatusOr<std::vector<uint64_t>> FindOps(
      absl::Span<const std::string> ids) const = 0;

  // The items whose current version was written by these operations, in one
  // read; nullopt where an item was replaced or deleted since.
  virtual absl::StatusOr<std::vector<std::optional<Item>>> GetByOps(
      absl::Span<const uint64_t> op_ids, ReadParts parts) const = 0;

  // Items in the order of their ids' bytes, from `start_id` (inclusive; empty:
  // the first), at most `limit`.
  virtual absl::StatusOr<ItemPage> List(absl::string_view start_id, int limit,
                                        ReadParts parts) const = 0;

  // Items that expired at `now` or before, the first to expire first, at most
  // `limit`.
  virtual absl::StatusOr<std::vector<ItemVersion>> ListExpired(
      absl::Time now, int limit) const = 0;

  // Calls `visit` with the vectors of every current version that an operation
  // after `op_id` wrote, in the order of operations, from one consistent
  // snapshot. Stops at the first error, which it returns.
  using VectorVisitor =
      std::function<absl::Status(uint64_t op_id, const ItemVectors& vectors)>;
  virtual absl::Status ScanVectors(uint64_t op_id,
                                   const VectorVisitor& visit) const = 0;

  // The operations whose versions were replaced or deleted by one after
  // `op_id`, in the order in which that happened.
  virtual absl::StatusOr<std::vector<uint64_t>> ListReplaced(
      uint64_t op_id) const = 0;

  // The operations after `op_id` in their order, at most `limit`, each put with
  // its item (and thumbnail) and without its vectors.
  virtual absl::StatusOr<std::vector<Operation>> ListOperations(
      uint64_t op_id, int limit) const = 0;

  // The newest operation written; 0 when there is none.
  virtual uint64_t last_op_id() const = 0;

  // Live items.
  virtual uint64_t size() const = 0;
  virtual uint64_t unembedded() const = 0;  // Those with Item::unembedded.
};

// The truth about one collection: items, vectors, operation log. Thread-safe,
// except Apply and Follow: one caller at a time (the collection's committer).
class MetadataStore : public StoreReader {
 public:
  // Writes `writes` in one atomic batch, with their vectors and operation-log
  // entries, synced to the disk before it returns. Each write sees those before
  // it; one that is refused (a condition, INVALID_ARGUMENT) leaves no trace and
  // doesn't touch the others, its result says why. Operation ids are gap-free
  // from 1. `created`, `updated` and `op_id` are the store's to set.
  //
  // After an error nobody sees anything of it, and no write follows before the
  // store has recovered, which the next call tries first. RESOURCE_EXHAUSTED:
  // the disk is full; there may be room later. UNAVAILABLE, INTERNAL: it fails;
  // the store stays read-only until the data directory is opened anew. If that
  // is done, or the process ends, before the store has recovered, the writes
  // may have happened, as a whole. FAILED_PRECONDITION: the collection was
  // dropped. ABORTED (MODEL_CHANGED): its name stands for the other generation.
  virtual absl::StatusOr<Committed> Apply(std::vector<AtomicWrite> writes) = 0;

  // Repeats `operations` of the collection's other generation, in one synced
  // batch: numbers (the next ones), times and items stay as they are there.
  // INVALID_ARGUMENT: a number is not the next; FAILED_PRECONDITION: the name
  // stands for this generation.
  virtual absl::StatusOr<Committed> Follow(
      std::vector<Operation> operations) = 0;

  // The store as it is now. What later writes replace stays readable, and on
  // the disk, as long as the snapshot is held; dropping the collection doesn't
  // end it either.
  virtual absl::StatusOr<std::shared_ptr<const StoreReader>> Snapshot()
      const = 0;

  // Bytes that the collection's records take on the disk, about: what was
  // replaced or deleted and is still there included, and all of the write-ahead
  // log, which the collections of a directory share.
  virtual absl::StatusOr<uint64_t> DiskBytes() const = 0;

  // Rewrites the records, one thread's work, so that what was replaced or
  // deleted leaves the disk, as far as no snapshot sees it. Reads and writes go
  // on. `progress` (may be null) is told the share that is done. CANCELLED once
  // `stop` is set.
  using ShareDone = std::function<void(double)>;
  virtual absl::Status Compact(const ShareDone& progress,
                               std::atomic<bool>& stop) = 0;

  // Where files that are derived from this collection belong; leaves with it.
  // May not be there yet.
  virtual std::string derived_folder() const = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_METADATA_STORE_H_
