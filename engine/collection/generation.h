#ifndef LIKENESS_ENGINE_COLLECTION_GENERATION_H_
#define LIKENESS_ENGINE_COLLECTION_GENERATION_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/collection/collection.h"
#include "engine/store/operation.h"

namespace likeness {

// One of the two generations that a collection has while its model is being
// changed. The one that the collection's name stands for is a collection as any
// other. The other one repeats that one's operations, with vectors of its own
// model, and takes no writes (ABORTED, reason MODEL_CHANGED); it can be
// searched, to compare. Numbers of operations, times and all that an item has
// are the same in both, so that the name may go from one to the other.
class Generation : public Collection {
 public:
  // The operations after `op_id` in their order, at most `limit` (1..1'000), as
  // they are at one moment: each put with its item (and thumbnail) and without
  // its vectors, or superseded. Empty when there are none.
  virtual absl::StatusOr<std::vector<Operation>> ListOperations(
      uint64_t op_id, int limit) const = 0;

  // Empty in spaces where the item has none. NOT_FOUND names the id.
  virtual absl::StatusOr<ItemVectors> GetVectors(
      absl::string_view id) const = 0;

  // Repeats the other generation's `operations`, all or none, with one sync of
  // the disk: the next ones after last_op_id(), puts with vectors of this
  // generation's model or with the reason why there are none. INVALID_ARGUMENT
  // names the item and field. FAILED_PRECONDITION: reason MODEL_MISMATCH, or
  // the collection's name stands for this generation.
  virtual absl::Status Follow(std::vector<Operation> operations) = 0;

  // Holds up what is written by Apply until ReleaseWrites was called as often:
  // so that the other generation can repeat the last operation before the
  // collection's name goes over to it. Who was held up over that is refused
  // (ABORTED, reason MODEL_CHANGED). Operations that were let through before
  // may still follow.
  virtual void HoldWrites() = 0;
  virtual void ReleaseWrites() = 0;

  // What spec().index is from now on. One thread at a time.
  virtual void SetIndexOptions(const IndexOptions& options) = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_GENERATION_H_
