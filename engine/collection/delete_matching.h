// Deletes that must not hit what was changed meanwhile.
#ifndef LIKENESS_ENGINE_COLLECTION_DELETE_MATCHING_H_
#define LIKENESS_ENGINE_COLLECTION_DELETE_MATCHING_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/filter/filter.h"
#include "engine/store/metadata_store.h"

namespace likeness {

class Collection;
struct View;

// Which items to delete: those that pass the filter at the moment of the call.
struct DeleteRequest {
  Filter filter;
  // Must be set for a filter that lets every item pass, and only then: nobody
  // shall empty a collection by leaving something out.
  bool all_items = false;
  bool dry_run = false;  // Only count.
  // Asked before every batch; an error ends the deletion. May be null.
  std::function<absl::Status()> still_wanted;
};

struct DeleteResult {
  uint64_t matched = 0;  // Items that passed as of operation `op_id`.
  uint64_t deleted = 0;
  // Passed, but were changed or deleted by others since: left as they are.
  uint64_t changed = 0;
  uint64_t op_id = 0;
  uint64_t last_op_id = 0;  // The last deletion's operation; 0: none.
  // Not OK: why it ended before all that matched were tried.
  absl::Status ended;
};

// Deletes those of `versions` (at most 1'000) that are still current, with one
// sync of the disk, and adds to the counts of `result`. The first error that is
// not a version's own.
absl::Status DeleteVersions(Collection& collection,
                            absl::Span<const ItemVersion> versions,
                            DeleteResult& result);

// Deletes from `collection` what passes in `view`, in batches: memory for one
// of them, and a bit for each row of one segment. INVALID_ARGUMENT names
// `filter` or `all_items`.
absl::StatusOr<DeleteResult> DeleteInView(const View& view,
                                          const DeleteRequest& request,
                                          Collection& collection);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_DELETE_MATCHING_H_
