#include "engine/collection/item_rules.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

absl::Status NormalizeVectors(const CollectionSpec& spec,
                              ItemVectors& vectors) {
  bool any = false;
  for (const Space space : kAllSpaces) {
    if (vectors[space].empty()) continue;
    const std::string field = absl::StrCat("vectors.", SpaceName(space));
    if (spec.dimensions[space] == 0) {
      return InvalidField(field, "the collection has no such space");
    }
    RETURN_IF_ERROR(
        NormalizeVector(field, spec.dimensions[space], vectors[space]));
    any = true;
  }
  if (!any) return InvalidField("vectors", "at least one is needed");
  return absl::OkStatus();
}

absl::Status CheckModel(const CollectionSpec& spec, const Item& item) {
  if (item.model_id == spec.model_id) return absl::OkStatus();
  const auto describe = [](const std::string& model) {
    return model.empty() ? std::string("the caller's own model")
                         : absl::StrCat("model ", model);
  };
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "the vectors are of ", describe(item.model_id), ", collection \"",
          spec.name, "\" holds those of ", describe(spec.model_id))),
      kReasonModelMismatch);
}

absl::Status CheckAndNormalize(const CollectionSpec& spec, Mutation& put) {
  RETURN_IF_ERROR(ValidateItem(put.item));
  RETURN_IF_ERROR(CheckModel(spec, put.item));
  return NormalizeVectors(spec, put.vectors);
}

}  // namespace

absl::Status NormalizeVector(absl::string_view field, int dimensions,
                             std::vector<float>& vector) {
  if (vector.size() != static_cast<size_t>(dimensions)) {
    return InvalidField(field, absl::StrCat("has ", vector.size(),
                                            " values, must have ", dimensions));
  }
  // Squares of floats neither overflow nor vanish in double precision.
  double squares = 0;
  for (const float value : vector) {
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  if (!std::isfinite(squares)) {
    return InvalidField(field, "has a value that is not finite");
  }
  if (squares == 0) return InvalidField(field, "has no length: all are zero");
  const double scale = 1 / std::sqrt(squares);
  for (float& value : vector) {
    value = static_cast<float>(static_cast<double>(value) * scale);
  }
  return absl::OkStatus();
}

absl::Status PreparePut(const CollectionSpec& spec, Mutation& put) {
  const absl::Status status = CheckAndNormalize(spec, put);
  if (status.ok()) return status;
  // An id that is itself at fault would make an unreadable message.
  if (!ValidateItemId(put.item.id).ok()) return status;
  absl::Status named(status.code(), absl::StrCat("item \"", put.item.id,
                                                 "\": ", status.message()));
  return WithField(WithReason(std::move(named), ReasonOf(status)),
                   FieldOf(status));
}

}  // namespace likeness
