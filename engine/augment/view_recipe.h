// Which transforms a view is made with, how often and how strongly.
#ifndef LIKENESS_ENGINE_AUGMENT_VIEW_RECIPE_H_
#define LIKENESS_ENGINE_AUGMENT_VIEW_RECIPE_H_

#include <array>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/augment/transform.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

// One transform: applied with `probability`, at a strength drawn evenly from
// `low`..`high`, in the units of Transform.
struct Chances {
  double probability = 0;
  double low = 0;
  double high = 0;

  friend bool operator==(const Chances&, const Chances&) = default;
};

// Chances for each transform; a new recipe changes nothing. Plain data.
class ViewRecipe {
 public:
  Chances& operator[](Transform transform) {
    return chances_[static_cast<size_t>(transform)];
  }
  const Chances& operator[](Transform transform) const {
    return chances_[static_cast<size_t>(transform)];
  }

  // True when views may be made of several pictures.
  bool UsesOthers() const;

  // INVALID_ARGUMENT for a probability out of 0..1, a range upside down or out
  // of the transform's limits; blames "<field>.<transform>.<member>".
  absl::Status Validate(absl::string_view field) const;

  friend bool operator==(const ViewRecipe&, const ViewRecipe&) = default;

 private:
  std::array<Chances, kTransformCount> chances_;
};

// {"rotation": {"probability": 0.5, "low": -15, "high": 15}, ...}: absent
// transforms are not applied. Reading refuses unknown names, absent members,
// other types and whatever Validate refuses, and blames the member by its path
// below `field`.
absl::StatusOr<ViewRecipe> ViewRecipeFromJson(const nlohmann::json& object,
                                              absl::string_view field);
nlohmann::json ViewRecipeToJson(const ViewRecipe& recipe);

// Photographs of products: another viewpoint, light and camera.
ViewRecipe ProductViews();

// Copies of a photograph as people and programs edit them: strong, several
// edits at once (four on average, besides recompression).
ViewRecipe CopyViews();

// One-channel line drawings, characters and signatures, as hands and pens
// differ: turned, slanted, bent, thicker or thinner; no mirror, no colours.
ViewRecipe DrawingViews();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_VIEW_RECIPE_H_
