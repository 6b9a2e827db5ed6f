// Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_VERIFY_RECALL_H_
#define LIKENESS_ENGINE_COLLECTION_VERIFY_RECALL_H_

#include <memory>

#include "absl/status/status.h"
#include "engine/collection/segment_manifest.h"
#include "engine/store/database.h"
#include "engine/store/metadata_store.h"
#include "engine/store/verify_report.h"

namespace likeness {

// Searches for the ten nearest of up to 100 items, spread over all segments, as
// every search does and exactly, in each space, and adds the recall to
// `report`. Errors as those of opening the collection, and of the searches.
absl::Status SampleRecall(const CollectionSpec& spec,
                          std::shared_ptr<const StoreReader> store,
                          SealedViews sealed, VerifyReport& report);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VERIFY_RECALL_H_
