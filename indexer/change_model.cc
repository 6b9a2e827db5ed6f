#include "indexer/change_model.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/database.h"

namespace likeness {
namespace {

absl::Status Refuse(absl::string_view name, absl::string_view why,
                    absl::string_view reason) {
  return WithReason(absl::FailedPreconditionError(
                        absl::StrCat("collection \"", name, "\" ", why)),
                    reason);
}

absl::Status CheckStep(absl::string_view name, bool switched, bool wanted) {
  if (switched == wanted) return absl::OkStatus();
  return Refuse(name,
                switched ? "stands for the new model's vectors by now: roll "
                           "back, or finish"
                         : "still stands for the old model's vectors: switch, "
                           "or cancel",
                kReasonWrongStep);
}

}  // namespace

absl::StatusOr<Generations> OpenModelChange(CollectionSet& set,
                                            absl::string_view name,
                                            const ModelInfo& model) {
  ASSIGN_OR_RETURN(const std::shared_ptr<Collection> collection, set.Get(name));
  if (collection->spec().model_id == model.id) {
    return Refuse(name,
                  absl::StrCat("holds the vectors of ", model.name, " (",
                               model.id, ") already"),
                  kReasonSameModel);
  }
  std::optional<ModelChange> change = set.FindModelChange(name);
  if (!change.has_value()) {
    const absl::Status begun =
        set.BeginModelChange(name, model.id, model.dimensions);
    // Somebody else may have begun one just now.
    if (!begun.ok() && !absl::IsAlreadyExists(begun)) return begun;
    change = set.FindModelChange(name);
  }
  // One that has ended by now is GetGenerations's to tell.
  if (!change.has_value() || change->other.model_id == model.id) {
    return set.GetGenerations(name);
  }
  return Refuse(
      name,
      absl::StrCat("is being changed to the model ", change->other.model_id,
                   ", not to ", model.name, " (", model.id, ")"),
      kReasonModelMismatch);
}

absl::Status SwitchGeneration(CollectionSet& set, absl::string_view name,
                              SwitchStep step, uint64_t unembedded) {
  ASSIGN_OR_RETURN(const Generations generations, set.GetGenerations(name));
  RETURN_IF_ERROR(
      CheckStep(name, generations.switched, step == SwitchStep::kRollback));
  const uint64_t without = generations.other->stats().unembedded_items;
  const uint64_t left =
      generations.current->last_op_id() - generations.other->last_op_id();
  if (left > 0) {
    return Refuse(name,
                  absl::StrCat("has ", left,
                               " operations yet to be repeated with the other "
                               "model's vectors"),
                  kReasonNotCaughtUp);
  }
  if (without != unembedded) {
    return Refuse(name,
                  absl::StrCat("would have ", without,
                               " items that no search finds, for want of "
                               "vectors; to go on all the same, that number "
                               "must be named (named was ",
                               unembedded, ")"),
                  kReasonItemsUnembedded);
  }
  return set.SwitchModel(name);
}

absl::Status EndModelChange(CollectionSet& set, absl::string_view name,
                            EndStep step) {
  ASSIGN_OR_RETURN(const Generations generations, set.GetGenerations(name));
  RETURN_IF_ERROR(
      CheckStep(name, generations.switched, step == EndStep::kFinish));
  return set.EndModelChange(name);
}

}  // namespace likeness
