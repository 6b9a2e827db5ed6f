// What can be written to a store, and what becomes of it.
#ifndef LIKENESS_ENGINE_STORE_MUTATION_H_
#define LIKENESS_ENGINE_STORE_MUTATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/space.h"
#include "engine/store/item.h"

namespace likeness {

// Reasons of refused writes; their messages name the item.
//
// ALREADY_EXISTS: Condition::kAbsent, and the item is there.
inline constexpr absl::string_view kReasonItemExists = "ITEM_EXISTS";
// ABORTED: Condition::kOpId, and the item has another version or none.
inline constexpr absl::string_view kReasonVersionMismatch = "VERSION_MISMATCH";
// INVALID_ARGUMENT: the request id was that of a different write.
inline constexpr absl::string_view kReasonRequestIdReused = "REQUEST_ID_REUSED";

inline constexpr size_t kMaxRequestIdBytes = 128;
// How many request ids a collection remembers: its newest.
inline constexpr uint64_t kMaxRememberedRequests = uint64_t{1} << 16;

// Most vectors that an item may have in one space.
inline constexpr size_t kMaxVectorsInSpace = 64;

// The vectors of one item: those of a space stand behind each other, so that
// there are as many as its size is times the space's dimensions. An item with
// none is absent from the space.
using ItemVectors = PerSpace<std::vector<float>>;

// How many vectors `values` of a space of `dimensions` (0: there is no such
// space) are.
inline size_t CountVectors(const std::vector<float>& values, int dimensions) {
  return values.empty() ? 0 : values.size() / static_cast<size_t>(dimensions);
}

// INVALID_ARGUMENT blames `field` unless `values` are whole vectors of a space
// of `dimensions`, at most kMaxVectorsInSpace of them.
absl::Status CheckItemVectors(absl::string_view field, int dimensions,
                              const std::vector<float>& values);

// What must hold of an item for a mutation to be applied.
struct Condition {
  enum class Kind {
    kNone,
    kAbsent,   // There is no such item. kPut only.
    kChanged,  // The mutation makes a difference (SameContent); where it makes
               // none, nothing is written. Not for kDelete.
    kOpId,     // The current version is the one that `op_id` wrote.
  };
  Kind kind = Kind::kNone;
  uint64_t op_id = 0;
};

// A change of an item that leaves its picture and vectors as they are.
struct MetadataPatch {
  Metadata set;                     // Added, or put in place of the old values.
  std::vector<std::string> remove;  // Names; one that is not there is no error.
  // The mutation's expiry replaces the item's; none: it never expires.
  bool set_expiry = false;
};

// One change. The store numbers it; the number is the item version's row in
// the index.
struct Mutation {
  enum class Kind {
    kPut,     // Inserts or replaces the item.
    kDelete,  // No error when there is none.
    kPatch,   // Makes the current version's successor; NOT_FOUND without one.
  };
  Kind kind = Kind::kPut;
  Item item;            // kPut; others: the id alone, kPatch also `expires`.
  ItemVectors vectors;  // kPut.
  MetadataPatch patch;  // kPatch.
  Condition condition;
  // Sets item.expires, counted from the moment of the write. A repeated request
  // names the same duration where it could not name the same time.
  std::optional<absl::Duration> ttl;
};

// Mutations that are applied together or not at all.
struct AtomicWrite {
  std::vector<Mutation> mutations;
  // Not empty: a later write with the same id gets the outcomes of the first
  // and changes nothing, as long as the id is among the collection's newest
  // kMaxRememberedRequests. Failed writes are not remembered.
  std::string request_id;
};

// What became of one mutation.
struct Outcome {
  enum class Change : uint8_t {  // Stored: never renumbered.
    kCreated = 1,
    kReplaced = 2,
    kDeleted = 3,
    kUnchanged = 4,  // Condition::kChanged did not hold.
    kAbsent = 5,     // A delete of an item that was not there.
  };
  Change change = Change::kAbsent;
  // The operation that wrote or deleted; kUnchanged: that wrote the current
  // version; kAbsent: 0.
  uint64_t op_id = 0;
};

// One outcome for each mutation of a write.
using WriteResult = absl::StatusOr<std::vector<Outcome>>;

// INVALID_ARGUMENT names the field and the limit. A request id is at most
// kMaxRequestIdBytes of UTF-8 without control characters.
absl::Status ValidateRequestId(absl::string_view request_id);

// What can be checked without the item: names, values, something to change.
absl::Status ValidatePatch(const MetadataPatch& patch);

// The condition fits the mutation's kind. A time to live is above 0 and at most
// 100 years, and leaves item.expires empty.
absl::Status ValidateTerms(const Mutation& mutation);

// Whether two puts of an item leave the same: model, metadata, source, expiry,
// whether it lacks vectors, and the bytes of the picture where both have one
// (by SHA-256), else every value of the vectors. Times must be as they are
// stored, in microseconds.
bool SameContent(const Mutation& a, const Mutation& b);

// `time` as it is stored: rounded down to the microsecond.
absl::Time ToStoredTime(absl::Time time);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_MUTATION_H_
