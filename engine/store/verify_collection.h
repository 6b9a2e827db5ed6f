// Private to engine/store.
#ifndef LIKENESS_ENGINE_STORE_VERIFY_COLLECTION_H_
#define LIKENESS_ENGINE_STORE_VERIFY_COLLECTION_H_

#include "engine/store/records.h"
#include "engine/store/rocksdb_handle.h"
#include "engine/store/verify_report.h"

namespace likeness {

// Compares the records of `collection`, a generation called `name`, with each
// other; needs a bit for each operation that it ever had.
void VerifyCollection(const RocksDbHandle& handle,
                      const StoredCollection& collection,
                      const GenerationName& name, VerifyReport& report);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_VERIFY_COLLECTION_H_
