#ifndef LIKENESS_ENGINE_STORE_OPERATION_H_
#define LIKENESS_ENGINE_STORE_OPERATION_H_

#include <cstdint>

#include "absl/time/time.h"
#include "engine/store/item.h"
#include "engine/store/mutation.h"

namespace likeness {

// An operation of a collection's log, as another generation of the collection
// repeats it (MetadataStore::Follow).
struct Operation {
  enum class Kind : uint8_t {
    kPut,
    kDelete,
    // A put whose version a later operation replaced or deleted: nothing is
    // left of it but its number. Where a generation repeats a delete of an item
    // that it does not have, that is one as well.
    kSuperseded,
  };
  Kind kind = Kind::kPut;
  uint64_t op_id = 0;
  absl::Time time;  // When it was applied.
  Item item;        // kPut: whole, with its thumbnail; others: the id alone.
  // kPut, when it is repeated: those of this generation's model; all empty
  // where item.unembedded says why.
  ItemVectors vectors;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_OPERATION_H_
