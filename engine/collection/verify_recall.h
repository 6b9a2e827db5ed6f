// Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_VERIFY_RECALL_H_
#define LIKENESS_ENGINE_COLLECTION_VERIFY_RECALL_H_

#include "absl/status/status.h"
#include "engine/collection/segment_manifest.h"
#include "engine/store/verify_database.h"

namespace likeness {

// Searches for the ten nearest of up to 100 items, spread over all of `sealed`,
// which are the part's segments, and what came after them, as every search does
// and exactly, in each space, and adds the recall to `report`. Errors as those
// of opening the collection, and of the searches.
absl::Status SampleRecall(const DerivedPart& part, SealedViews sealed,
                          VerifyReport& report);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VERIFY_RECALL_H_
