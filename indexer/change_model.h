// The steps of a change of model, with the checks that keep a caller from
// losing anything by them. Reembed does the work between them.
#ifndef LIKENESS_INDEXER_CHANGE_MODEL_H_
#define LIKENESS_INDEXER_CHANGE_MODEL_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/collection/collection_set.h"
#include "engine/embed/embedder.h"

namespace likeness {

// FAILED_PRECONDITION: another number of items than the caller named would have
// no vectors.
inline constexpr absl::string_view kReasonItemsUnembedded = "ITEMS_UNEMBEDDED";
// FAILED_PRECONDITION: the collection holds that model's vectors already.
inline constexpr absl::string_view kReasonSameModel = "SAME_MODEL";
// FAILED_PRECONDITION: the collection was switched, or was not, and the step is
// for the other case.
inline constexpr absl::string_view kReasonWrongStep = "WRONG_STEP";

// The generations of a collection, the other one for `model`'s vectors: of the
// change that is under way, or of one that begins with this.
// FAILED_PRECONDITION with reason SAME_MODEL, or MODEL_MISMATCH: the change
// under way is to another model.
absl::StatusOr<Generations> OpenModelChange(CollectionSet& set,
                                            absl::string_view name,
                                            const ModelInfo& model);

enum class SwitchStep {
  kSwitch,    // To the newer generation.
  kRollback,  // Back to the older one.
};

// Lets the collection's name stand for its other generation.
// FAILED_PRECONDITION with reason NO_MODEL_CHANGE, WRONG_STEP, NOT_CAUGHT_UP,
// or ITEMS_UNEMBEDDED: `unembedded` is not the number of items without vectors
// there.
absl::Status SwitchGeneration(CollectionSet& set, absl::string_view name,
                              SwitchStep step, uint64_t unembedded);

enum class EndStep {
  kFinish,  // After the switch: the old generation leaves.
  kCancel,  // Before it, or after a rollback: the new one leaves.
};

// Ends the change. FAILED_PRECONDITION with reason NO_MODEL_CHANGE or
// WRONG_STEP.
absl::Status EndModelChange(CollectionSet& set, absl::string_view name,
                            EndStep step);

}  // namespace likeness

#endif  // LIKENESS_INDEXER_CHANGE_MODEL_H_
