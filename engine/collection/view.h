#ifndef LIKENESS_ENGINE_COLLECTION_VIEW_H_
#define LIKENESS_ENGINE_COLLECTION_VIEW_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/collection/segment.h"
#include "engine/filter/field_types.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// A collection after one operation: what a search sees from its begin to its
// end. The store's snapshot and the live rows belong to the same operation, so
// every live row has its item in `store`. Immutable.
struct View {
  std::shared_ptr<const StoreReader> store;
  std::vector<SegmentView> segments;  // By rising operation ids.
  // Of all items there were since the collection was opened.
  std::shared_ptr<const FieldTypes> types;

  uint64_t op_id() const { return store->last_op_id(); }
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VIEW_H_
