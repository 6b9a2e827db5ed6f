// Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_VERIFY_INDEX_H_
#define LIKENESS_ENGINE_COLLECTION_VERIFY_INDEX_H_

#include <memory>
#include <string>

#include "engine/store/database.h"
#include "engine/store/metadata_store.h"
#include "engine/store/verify_report.h"

namespace likeness {

// Compares the sealed segments in `folder` with `store`: every item that is
// older than the newest sealed row is live in exactly one segment, with its
// vectors and fields, and nothing else is live. Then samples the recall of
// searches. Tells what differs.
void VerifyIndex(const CollectionSpec& spec,
                 const std::shared_ptr<const StoreReader>& store,
                 const std::string& folder, VerifyReport& report);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VERIFY_INDEX_H_
