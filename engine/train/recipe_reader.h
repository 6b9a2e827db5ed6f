// The parts of a recipe, read from JSON. Private to engine/train.
#ifndef LIKENESS_ENGINE_TRAIN_RECIPE_READER_H_
#define LIKENESS_ENGINE_TRAIN_RECIPE_READER_H_

#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "engine/train/recipe.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

// Each reads over the defaults that `spec` holds, and blames a member below
// `field`: INVALID_ARGUMENT.
absl::Status ReadNetwork(const nlohmann::json& json, const std::string& field,
                         NetworkSpec& spec);
absl::Status ReadHead(const nlohmann::json& json, const std::string& field,
                      HeadRecipe& head);
absl::Status ReadData(const nlohmann::json& json, const std::string& field,
                      DataSpec& spec);
absl::Status ReadStream(const nlohmann::json& json, const std::string& field,
                        StreamSpec& spec);
absl::Status ReadLossTerm(const nlohmann::json& json, const std::string& field,
                          LossTermSpec& spec);
absl::Status ReadKeep(const nlohmann::json& json, const std::string& field,
                      KeepSpec& spec);
absl::Status ReadValidationSet(const nlohmann::json& json,
                               const std::string& field,
                               ValidationSetSpec& spec);
absl::Status ReadCard(const nlohmann::json& json, const std::string& field,
                      CardSpec& spec);

// INVALID_ARGUMENT blames `field` for a value out of min..max.
template <typename T>
absl::Status CheckRange(absl::string_view field, T value,
                        std::type_identity_t<T> min,
                        std::type_identity_t<T> max) {
  if (value >= min && value <= max) return absl::OkStatus();
  return InvalidField(
      field, absl::StrCat("is ", value, ", must be in ", min, "..", max));
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_RECIPE_READER_H_
