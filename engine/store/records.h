// Between the engine's structs and the records on the disk. Every Decode gives
// DATA_LOSS (reason CORRUPT_DATA) that says which record doesn't parse.
#ifndef LIKENESS_ENGINE_STORE_RECORDS_H_
#define LIKENESS_ENGINE_STORE_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/space.h"
#include "engine/store/database.h"
#include "engine/store/item.h"
#include "engine/store/metadata_store.h"
#include "engine/store/operation.h"

namespace likeness {

// DATA_LOSS with the reason CORRUPT_DATA.
absl::Status CorruptRecord(absl::string_view what, absl::string_view why);

struct StoredCollection {
  uint32_t number = 0;
  CollectionSpec spec;
};
std::string EncodeCollection(const StoredCollection& collection);
absl::StatusOr<StoredCollection> DecodeCollection(absl::string_view bytes);

// The change of a collection's model that is under way.
struct StoredModelChange {
  StoredCollection other;  // The generation that the name does not stand for.
  bool switched = false;   // The name stands for the newer one.
  absl::Time started;
};
std::string EncodeModelChange(const StoredModelChange& change);
absl::StatusOr<StoredModelChange> DecodeModelChange(absl::string_view bytes);

struct StoreState {
  uint64_t last_op_id = 0;
  uint64_t live_items = 0;
  // Requests that are remembered: their numbers rise from the first to the one
  // before the next.
  uint64_t first_request = 0;
  uint64_t next_request = 0;
  uint64_t unembedded_items = 0;

  friend bool operator==(const StoreState&, const StoreState&) = default;
};
std::string EncodeState(const StoreState& state);
absl::StatusOr<StoreState> DecodeState(absl::string_view bytes);

struct CurrentVersion {
  uint64_t op_id = 0;
  absl::Time created;
  std::optional<absl::Time> expires;
  bool unembedded = false;
};
std::string EncodeVersion(const CurrentVersion& version);
absl::StatusOr<CurrentVersion> DecodeVersion(absl::string_view bytes);

// Without the thumbnail, which has a record of its own.
std::string EncodeItem(const Item& item);
absl::StatusOr<Item> DecodeItem(absl::string_view bytes);

// One byte for the layout, one byte with bit s set for each space s that is
// there, in layout 2 (where a space has several vectors) a byte for each of
// these with their number, then the float32 values, little-endian, in the order
// of spaces.
std::string EncodeVectors(const ItemVectors& vectors,
                          const PerSpace<int>& dimensions);
absl::Status DecodeVectors(absl::string_view bytes,
                           const PerSpace<int>& dimensions,
                           ItemVectors& vectors);

struct LogEntry {
  Operation::Kind kind = Operation::Kind::kPut;
  absl::string_view id;
  absl::Time time;
  uint64_t replaced_op_id = 0;
};
std::string EncodeLogEntry(const LogEntry& entry);
struct OwnedLogEntry {
  Operation::Kind kind = Operation::Kind::kPut;
  std::string id;
  absl::Time time;
  uint64_t replaced_op_id = 0;
};
absl::StatusOr<OwnedLogEntry> DecodeLogEntry(absl::string_view bytes);
// LogEntry::replaced_op_id; 0: none.
absl::StatusOr<uint64_t> DecodeReplacedOpId(absl::string_view bytes);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_RECORDS_H_
