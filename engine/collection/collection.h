#ifndef LIKENESS_ENGINE_COLLECTION_COLLECTION_H_
#define LIKENESS_ENGINE_COLLECTION_COLLECTION_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/collection/collection_stats.h"
#include "engine/collection/delete_matching.h"
#include "engine/collection/search_request.h"
#include "engine/store/database.h"
#include "engine/store/item.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// FAILED_PRECONDITION, and INTERNAL for the write that met it: memory and store
// no longer agree, so that every call is refused until the collection is opened
// anew.
inline constexpr absl::string_view kReasonOutOfStep = "OUT_OF_STEP";

// Most items that one call reads, lists or sweeps.
inline constexpr int kMaxItemsAtOnce = 1000;

struct ItemWithVectors {
  Item item;
  ItemVectors vectors;
};

// A durable set of items that can be searched by likeness. Thread-safe.
class Collection {
 public:
  virtual ~Collection() = default;

  // As it is now: CollectionSet::UpdateIndexOptions changes it.
  virtual CollectionSpec spec() const = 0;

  // Commits `writes`, each by itself all or none, with one sync of the disk;
  // one result for each. When a result is OK, its changes survive a power loss
  // and every later search sees them. Refused alone, and without a trace, are:
  // INVALID_ARGUMENT, which names the item and field, or a request id that was
  // another write's (reason REQUEST_ID_REUSED); FAILED_PRECONDITION (reason
  // MODEL_MISMATCH), vectors of another model; a condition that does not hold
  // (engine/store/mutation.h says with which code); NOT_FOUND, a patch of an
  // item that is not there. Other errors are those of all. Vectors are
  // normalised to unit length here; a zero, infinite or NaN one is refused.
  //
  // Where writers are faster than segments are built, what brings new rows is
  // held up (engine/collection/write_throttle.h). Meanwhile `still_wanted` (may
  // be null) is asked now and then; its error is then every write's.
  // UNAVAILABLE (reason INDEX_BEHIND) when nothing more may wait and building
  // fails.
  virtual std::vector<WriteResult> Apply(
      std::vector<AtomicWrite> writes,
      const std::function<absl::Status()>& still_wanted) = 0;
  std::vector<WriteResult> Apply(std::vector<AtomicWrite> writes) {
    return Apply(std::move(writes), nullptr);
  }

  // Applies `mutations` in one write; one outcome for each.
  WriteResult ApplyAtomically(std::vector<Mutation> mutations);

  // Inserts or replaces items, all or none; one operation id for each, in
  // order.
  absl::StatusOr<std::vector<uint64_t>> Upsert(std::vector<Mutation> puts);

  // Deletes items, all or none; one operation id for each, 0 where there was no
  // such item.
  absl::StatusOr<std::vector<uint64_t>> Delete(
      absl::Span<const std::string> ids);

  // Deletes items that expired at `now` or before, the first to expire first,
  // at most `limit` of them (1..1'000), through the log as any other delete;
  // how many there were. Until then they are found as before. An item whose
  // expiry is moved meanwhile stays.
  virtual absl::StatusOr<uint64_t> SweepExpired(absl::Time now, int limit) = 0;

  // Deletes all items that pass a filter, through the log as any other delete,
  // a batch after the other: searches meanwhile see some of them gone. An item
  // that was changed since the call began stays, and is counted. Also when it
  // ends early, what the result counts is done.
  virtual absl::StatusOr<DeleteResult> DeleteMatching(
      const DeleteRequest& request) = 0;

  virtual absl::StatusOr<Item> Get(absl::string_view id,
                                   ReadParts parts) const = 0;
  // The same with its vectors, of unit length, both as they are at one moment.
  virtual absl::StatusOr<ItemWithVectors> GetWithVectors(
      absl::string_view id, ReadParts parts) const = 0;
  // The items called `ids` (at most 1'000), in their order and as they are at
  // one moment; nullopt where there is none.
  virtual absl::StatusOr<std::vector<std::optional<Item>>> GetMany(
      absl::Span<const std::string> ids, ReadParts parts) const = 0;
  virtual absl::StatusOr<ItemPage> List(absl::string_view start_id, int limit,
                                        ReadParts parts) const = 0;

  // min_similarity is compared with the hits' own similarity. Which of two
  // items less than dimensions x 1.2e-7 apart takes the last place is left to
  // rounding, except in pages and groups. NOT_FOUND when an item that is looked
  // for does not exist; FAILED_PRECONDITION (reason NOT_YET_VISIBLE) when
  // min_op_id is not reached, or what the first page saw.
  virtual absl::StatusOr<SearchResult> Search(
      const SearchRequest& request) const = 0;

  // `count` of the items' unit vectors in `space` (row-major), drawn evenly;
  // all of them when there are no more. The same seed draws the same of the
  // same rows.
  virtual absl::StatusOr<std::vector<float>> SampleVectors(
      Space space, size_t count, uint64_t seed) const = 0;

  virtual CollectionStats stats() const = 0;

  // Makes one sealed segment of all rows there are, as the index options now
  // say, for the fastest searches and the least memory, and gives back the disk
  // that dead versions take. Searches and writes go on meanwhile.
  virtual absl::Status Compact() = 0;

  // Begins what Compact does, unless it is going on, and does not wait:
  // stats().compaction tells how it goes.
  virtual void StartCompaction() = 0;

  virtual uint64_t size() const = 0;
  virtual uint64_t last_op_id() const = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_COLLECTION_H_
