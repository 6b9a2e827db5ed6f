#ifndef LIKENESS_ENGINE_STORE_TOUCHED_ITEMS_H_
#define LIKENESS_ENGINE_STORE_TOUCHED_ITEMS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/store/mutation.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"

namespace likeness {

// An item that a group of writes touches.
struct TouchedItem {
  std::optional<CurrentVersion> stored;   // Before the group.
  std::optional<CurrentVersion> current;  // As far as the group is planned.
  // Which planned operation made `current`; none: it is `stored`.
  std::optional<size_t> made_by;
  // A put that would make `stored` again; there where a mutation must see what
  // it follows. Its thumbnail only where the mutation takes it along.
  std::optional<Mutation> content;
};

using TouchedItems = std::map<std::string, TouchedItem, std::less<>>;

// Every item that `writes` name, as it is stored, in few reads.
absl::StatusOr<TouchedItems> ReadTouched(const RocksDbHandle& handle,
                                         const StoredCollection& collection,
                                         absl::Span<const AtomicWrite> writes);

// The items called `ids`, with their versions alone.
absl::StatusOr<TouchedItems> ReadVersions(const RocksDbHandle& handle,
                                          uint32_t collection,
                                          absl::Span<const std::string> ids);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_TOUCHED_ITEMS_H_
