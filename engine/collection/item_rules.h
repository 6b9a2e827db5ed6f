// What a collection asks of the vectors and items that are put into it.
#ifndef LIKENESS_ENGINE_COLLECTION_ITEM_RULES_H_
#define LIKENESS_ENGINE_COLLECTION_ITEM_RULES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/store/database.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// Scales `vector` to unit length (L2). INVALID_ARGUMENT for `field` when it has
// not `dimensions` values, one of them is not finite, or all are zero.
absl::Status NormalizeVector(absl::string_view field, int dimensions,
                             std::vector<float>& vector);

// Checks that `mutation` may be applied to a collection made as `spec` says,
// and brings it into the form that is stored: vectors of unit length, times to
// the microsecond. INVALID_ARGUMENT names the item and the field;
// FAILED_PRECONDITION (reason MODEL_MISMATCH) for vectors of another model.
absl::Status PrepareMutation(const CollectionSpec& spec, Mutation& mutation);

// Same for an operation that the collection's other generation took, of which
// only the vectors are new.
absl::Status PrepareOperation(const CollectionSpec& spec, Operation& operation);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_ITEM_RULES_H_
