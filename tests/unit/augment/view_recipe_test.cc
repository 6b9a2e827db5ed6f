#include "engine/augment/view_recipe.h"

#include <set>
#include <string>

#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using nlohmann::json;

absl::StatusOr<ViewRecipe> Parse(const std::string& text) {
  return ViewRecipeFromJson(json::parse(text), "augment");
}

TEST(TransformTest, NamesAreDistinctAndZeroIsAlwaysAllowed) {
  std::set<std::string> names;
  for (const Transform transform : AllTransforms()) {
    names.insert(std::string(TransformName(transform)));
    EXPECT_OK(CheckStrength(transform, 0));
    EXPECT_OK(CheckStrength(transform, LimitsOf(transform).high));
    EXPECT_THAT(CheckStrength(transform, LimitsOf(transform).high + 0.01),
                BlamesField(TransformName(transform)));
  }
  EXPECT_EQ(names.size(), kTransformCount);
  EXPECT_EQ(TransformName(Transform::kQuarterTurn), "quarter_turn");
  EXPECT_EQ(TransformName(Transform::kCollage), "collage");
}

TEST(ViewRecipeTest, ReadyRecipesAreValidAndSurviveJson) {
  for (const ViewRecipe& recipe :
       {ViewRecipe(), ProductViews(), CopyViews(), DrawingViews()}) {
    EXPECT_OK(recipe.Validate(""));
    ASSERT_OK_AND_ASSIGN(const ViewRecipe read,
                         ViewRecipeFromJson(ViewRecipeToJson(recipe), ""));
    EXPECT_TRUE(read == recipe);
  }
  EXPECT_TRUE(CopyViews().UsesOthers());
  EXPECT_FALSE(ProductViews().UsesOthers());
}

TEST(ViewRecipeTest, ReadsWhatIsThere) {
  ASSERT_OK_AND_ASSIGN(
      const ViewRecipe recipe,
      Parse(R"({"rotation": {"probability": 0.5, "low": -15, "high": 10}})"));
  EXPECT_EQ(recipe[Transform::kRotation], (Chances{0.5, -15, 10}));
  EXPECT_EQ(recipe[Transform::kCrop], Chances{});
}

TEST(ViewRecipeTest, ErrorsNameTheMember) {
  EXPECT_THAT(Parse("[]"), BlamesField("augment"));
  EXPECT_THAT(Parse(R"({"rotatoin": {}})"), BlamesField("augment.rotatoin"));
  EXPECT_THAT(Parse(R"({"blur": 3})"), BlamesField("augment.blur"));
  EXPECT_THAT(Parse(R"({"blur": {"probability": 1, "low": 0}})"),
              BlamesField("augment.blur.high"));
  EXPECT_THAT(Parse(R"({"blur": {"probability": "1", "low": 0, "high": 0}})"),
              BlamesField("augment.blur.probability"));
  EXPECT_THAT(
      Parse(R"({"blur": {"probability": 1, "low": 0, "high": 0, "x": 1}})"),
      BlamesField("augment.blur.x"));
  EXPECT_THAT(Parse(R"({"blur": {"probability": 2, "low": 0, "high": 0}})"),
              BlamesField("augment.blur.probability"));
  EXPECT_THAT(Parse(R"({"blur": {"probability": 1, "low": -1, "high": 0}})"),
              BlamesField("augment.blur.low"));
  EXPECT_THAT(Parse(R"({"hue": {"probability": 1, "low": 9, "high": 8}})"),
              BlamesField("augment.hue.high"));
  EXPECT_THAT(Parse(R"({"hue": {"probability": 1, "low": 9, "high": 999}})"),
              BlamesField("augment.hue.high"));
}

}  // namespace
}  // namespace likeness
