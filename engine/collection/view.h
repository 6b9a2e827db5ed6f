#ifndef LIKENESS_ENGINE_COLLECTION_VIEW_H_
#define LIKENESS_ENGINE_COLLECTION_VIEW_H_

#include <cstdint>
#include <memory>

#include "engine/collection/space_rows.h"
#include "engine/core/bitmap.h"
#include "engine/core/space.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// A space as a view sees it.
struct SpaceView {
  std::shared_ptr<const SpaceRows> rows;  // nullptr: no such space.
  // Ordinals whose item version is the current one. Rows added after the view
  // was made are beyond its end.
  std::shared_ptr<const Bitmap> live;
};

// A collection after one operation: what a search sees from its begin to its
// end. The store's snapshot and the live rows of all spaces belong to the same
// operation, so every live row has its item in `store`. Immutable.
struct View {
  std::shared_ptr<const StoreReader> store;
  PerSpace<SpaceView> spaces;

  uint64_t op_id() const { return store->last_op_id(); }
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VIEW_H_
