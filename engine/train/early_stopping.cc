#include "engine/train/early_stopping.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {

absl::Status EarlyStoppingSpec::Validate(absl::string_view field) const {
  if (patience < 0) {
    return InvalidField(absl::StrCat(field, ".patience"),
                        "must not be negative");
  }
  if (!(min_improvement >= 0)) {
    return InvalidField(absl::StrCat(field, ".min_improvement"),
                        "must not be negative");
  }
  return absl::OkStatus();
}

absl::StatusOr<EarlyStoppingSpec> ParseEarlyStoppingSpec(
    const nlohmann::json& json, absl::string_view field) {
  EarlyStoppingSpec spec;
  JsonReader reader(json, field);
  reader.Read("patience", spec.patience);
  reader.Read("min_improvement", spec.min_improvement);
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(spec.Validate(field));
  return spec;
}

}  // namespace likeness
