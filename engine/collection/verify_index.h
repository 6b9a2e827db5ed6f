// Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_VERIFY_INDEX_H_
#define LIKENESS_ENGINE_COLLECTION_VERIFY_INDEX_H_

#include "engine/store/verify_database.h"

namespace likeness {

// Compares the sealed segments in the part's folder with its store: every item
// that is older than the newest sealed row is live in exactly one segment, with
// its vectors and fields, and nothing else is live. Then samples the recall of
// searches. Tells what differs.
void VerifyIndex(const DerivedPart& part, VerifyReport& report);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VERIFY_INDEX_H_
