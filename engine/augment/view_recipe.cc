#include "engine/augment/view_recipe.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using nlohmann::json;

absl::StatusOr<Chances> ChancesFromJson(const json& object,
                                        const std::string& field) {
  JsonReader reader(object, field);
  Chances chances;
  for (const char* key : {"probability", "low", "high"}) reader.Require(key);
  reader.Read("probability", chances.probability);
  reader.Read("low", chances.low);
  reader.Read("high", chances.high);
  RETURN_IF_ERROR(reader.Finish());
  return chances;
}

}  // namespace

bool ViewRecipe::UsesOthers() const {
  return (*this)[Transform::kCollage].probability > 0 ||
         (*this)[Transform::kCover].probability > 0;
}

absl::Status ViewRecipe::Validate(absl::string_view field) const {
  for (const Transform transform : AllTransforms()) {
    const Chances& chances = (*this)[transform];
    const StrengthLimits limits = LimitsOf(transform);
    const auto blame = [&](absl::string_view member, double value, double low,
                           double high) {
      return InvalidField(absl::StrCat(field, field.empty() ? "" : ".",
                                       TransformName(transform), ".", member),
                          absl::StrCat(value, " is not in ", low, "..", high));
    };
    if (!(chances.probability >= 0 && chances.probability <= 1)) {
      return blame("probability", chances.probability, 0, 1);
    }
    if (!(chances.low >= limits.low && chances.low <= limits.high)) {
      return blame("low", chances.low, limits.low, limits.high);
    }
    if (!(chances.high >= chances.low && chances.high <= limits.high)) {
      return blame("high", chances.high, chances.low, limits.high);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ViewRecipe> ViewRecipeFromJson(const json& object,
                                              absl::string_view field) {
  ViewRecipe recipe;
  JsonReader reader(object, field);
  for (const Transform transform : AllTransforms()) {
    const absl::string_view name = TransformName(transform);
    const json* member = reader.Member(name);
    if (member == nullptr) continue;
    ASSIGN_OR_RETURN(recipe[transform],
                     ChancesFromJson(*member, reader.PathOf(name)));
  }
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(recipe.Validate(field));
  return recipe;
}

json ViewRecipeToJson(const ViewRecipe& recipe) {
  json object = json::object();
  for (const Transform transform : AllTransforms()) {
    const Chances& chances = recipe[transform];
    if (chances == Chances{}) continue;
    object[std::string(TransformName(transform))] = {
        {"probability", chances.probability},
        {"low", chances.low},
        {"high", chances.high}};
  }
  return object;
}

ViewRecipe ProductViews() {
  using enum Transform;
  ViewRecipe recipe;
  recipe[kCrop] = {1, 0, 0.5};
  recipe[kAspect] = {0.7, -0.25, 0.25};
  recipe[kFlip] = {0.5, 1, 1};
  recipe[kRotation] = {0.3, -15, 15};
  recipe[kPerspective] = {0.2, 0.02, 0.1};
  recipe[kBrightness] = {0.6, -0.3, 0.3};
  recipe[kContrast] = {0.5, -0.3, 0.3};
  recipe[kSaturation] = {0.5, -0.3, 0.3};
  recipe[kHue] = {0.3, -8, 8};
  recipe[kGrey] = {0.03, 1, 1};
  recipe[kErase] = {0.15, 0.02, 0.15};
  recipe[kResize] = {0.1, 0.2, 0.6};
  recipe[kBlur] = {0.1, 0.002, 0.008};
  recipe[kNoise] = {0.15, 1, 8};
  recipe[kJpeg] = {0.15, 20, 70};
  return recipe;
}

ViewRecipe CopyViews() {
  using enum Transform;
  ViewRecipe recipe;
  recipe[kCrop] = {0.4, 0.1, 0.7};
  recipe[kAspect] = {0.2, -0.4, 0.4};
  recipe[kZoom] = {0.15, -1, 1.2};
  recipe[kFlip] = {0.25, 1, 1};
  recipe[kQuarterTurn] = {0.15, 0.5, 3};
  recipe[kTurn] = {0.15, -180, 180};
  recipe[kRotation] = {0.1, -20, 20};
  recipe[kPerspective] = {0.15, 0.05, 0.25};
  recipe[kBrightness] = {0.25, -0.5, 0.6};
  recipe[kContrast] = {0.2, -0.5, 0.8};
  recipe[kSaturation] = {0.2, -0.8, 1};
  recipe[kHue] = {0.1, -60, 60};
  recipe[kGrey] = {0.1, 1, 1};
  recipe[kErase] = {0.1, 0.05, 0.35};
  recipe[kCover] = {0.2, 0.1, 0.45};
  recipe[kShape] = {0.2, 0.1, 0.5};
  recipe[kText] = {0.25, 0.05, 0.25};
  recipe[kScreenshot] = {0.15, 0.1, 0.45};
  recipe[kCollage] = {0.2, 0.3, 0.75};
  recipe[kLetterbox] = {0.1, 0.1, 0.5};
  recipe[kBorder] = {0.15, 0.03, 0.2};
  recipe[kPixelate] = {0.12, 0.01, 0.06};
  recipe[kResize] = {0.2, 0.3, 0.85};
  recipe[kBlur] = {0.15, 0.003, 0.025};
  recipe[kNoise] = {0.15, 4, 40};
  recipe[kJpeg] = {0.4, 20, 92};
  return recipe;
}

ViewRecipe DrawingViews() {
  using enum Transform;
  ViewRecipe recipe;
  recipe[kCrop] = {0.5, 0, 0.15};
  recipe[kAspect] = {0.7, -0.3, 0.3};
  recipe[kRotation] = {0.8, -15, 15};
  recipe[kPerspective] = {0.4, 0.02, 0.12};
  recipe[kBlur] = {0.1, 0.003, 0.01};
  recipe[kNoise] = {0.1, 1, 8};
  recipe[kScale] = {0.8, -0.4, 0.2};
  recipe[kShear] = {0.7, -0.3, 0.3};
  recipe[kBend] = {0.8, 0.02, 0.1};
  recipe[kInk] = {0.6, -0.5, 0.8};
  return recipe;
}

}  // namespace likeness
