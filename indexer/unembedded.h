// Items that a change of model left without vectors.
#ifndef LIKENESS_INDEXER_UNEMBEDDED_H_
#define LIKENESS_INDEXER_UNEMBEDDED_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/collection/collection.h"
#include "engine/collection/collection_set.h"
#include "engine/store/item.h"

namespace likeness {

// Calls `visit` with every item of `collection` that has Item::unembedded, in
// the order of the ids' bytes; stops at its first error, which it returns.
// Reads the items in pages, up to the last that is one.
absl::Status ForEachUnembedded(
    const Collection& collection,
    const std::function<absl::Status(const Item& item)>& visit);

// Where to look for them in the collection called `name`: before a switch the
// other generation, which will have none for some items, else the collection,
// which has none. NOT_FOUND: no such collection.
absl::StatusOr<std::shared_ptr<Collection>> FindWithUnembedded(
    CollectionSet& set, absl::string_view name);

// Gives each item that `other` has without vectors a new version in `current`,
// the same but for its operation and time: a re-embedding that goes on comes to
// it and tries again. Those that can't come to more are passed over: nothing
// says where their pictures are. How many there were. `still_wanted` (may be
// null) is asked before each batch of them; its error ends it.
absl::StatusOr<uint64_t> RenewUnembedded(
    Collection& current, const Collection& other,
    const std::function<absl::Status()>& still_wanted = nullptr);

}  // namespace likeness

#endif  // LIKENESS_INDEXER_UNEMBEDDED_H_
