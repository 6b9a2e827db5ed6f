#include "engine/collection/item_rules.h"

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

absl::Status Normalize(absl::string_view field, absl::Span<float> vector) {
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

// Of an item's vectors in one space; where there are several, errors name the
// one that is at fault.
absl::Status NormalizeEach(const std::string& field, int dimensions,
                           std::vector<float>& values) {
  RETURN_IF_ERROR(CheckItemVectors(field, dimensions, values));
  const auto width = static_cast<size_t>(dimensions);
  if (values.size() == width) return Normalize(field, absl::MakeSpan(values));
  for (size_t at = 0; at < values.size(); at += width) {
    RETURN_IF_ERROR(Normalize(absl::StrCat(field, "[", at / width, "]"),
                              absl::MakeSpan(values).subspan(at, width)));
  }
  return absl::OkStatus();
}

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
        NormalizeEach(field, spec.dimensions[space], vectors[space]));
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

void ToStoredTimes(Metadata& metadata) {
  for (auto& [name, value] : metadata) {
    if (auto* time = std::get_if<absl::Time>(&value)) {
      *time = ToStoredTime(*time);
    }
  }
}

absl::Status CheckAndNormalize(const CollectionSpec& spec, Mutation& mutation) {
  RETURN_IF_ERROR(ValidateItemId(mutation.item.id));
  RETURN_IF_ERROR(ValidateTerms(mutation));
  switch (mutation.kind) {
    case Mutation::Kind::kDelete:
      return absl::OkStatus();
    case Mutation::Kind::kPatch:
      RETURN_IF_ERROR(ValidatePatch(mutation.patch));
      if (mutation.item.expires.has_value()) {
        RETURN_IF_ERROR(ValidateExpireTime(*mutation.item.expires));
      }
      ToStoredTimes(mutation.patch.set);
      return absl::OkStatus();
    case Mutation::Kind::kPut:
      break;
  }
  RETURN_IF_ERROR(ValidateItem(mutation.item));
  RETURN_IF_ERROR(CheckModel(spec, mutation.item));
  ToStoredTimes(mutation.item.metadata);
  return NormalizeVectors(spec, mutation.vectors);
}

absl::Status CheckAndNormalize(const CollectionSpec& spec,
                               Operation& operation) {
  if (operation.kind != Operation::Kind::kPut) return absl::OkStatus();
  if (!operation.item.unembedded.has_value()) {
    RETURN_IF_ERROR(CheckModel(spec, operation.item));
    return NormalizeVectors(spec, operation.vectors);
  }
  if (operation.vectors == ItemVectors()) return absl::OkStatus();
  return InvalidField("vectors", "are there, though the item says why not");
}

// An id that is itself at fault would make an unreadable message.
absl::Status NameItem(const absl::Status& status, const std::string& id) {
  if (status.ok() || !ValidateItemId(id).ok()) return status;
  return WithContext(status, absl::StrCat("item \"", id, "\""));
}

}  // namespace

absl::Status NormalizeVector(absl::string_view field, int dimensions,
                             std::vector<float>& vector) {
  if (vector.size() != static_cast<size_t>(dimensions)) {
    return InvalidField(field, absl::StrCat("has ", vector.size(),
                                            " values, must have ", dimensions));
  }
  return Normalize(field, absl::MakeSpan(vector));
}

absl::Status PrepareMutation(const CollectionSpec& spec, Mutation& mutation) {
  return NameItem(CheckAndNormalize(spec, mutation), mutation.item.id);
}

absl::Status PrepareOperation(const CollectionSpec& spec,
                              Operation& operation) {
  return NameItem(CheckAndNormalize(spec, operation), operation.item.id);
}

}  // namespace likeness
