#include "engine/train/bundle_card.h"

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

constexpr char kCardRecipe[] = R"({
  "name": "small", "seed": 7,
  "heads": {"similar": {"pooling": "avg", "dimensions": 16}},
  "data": [{"name": "shapes", "path": "shapes"}],
  "streams": [{"name": "all", "data": "shapes", "sampler": "classes"}],
  "losses": [{"loss": {"type": "contrastive"}}],
  "validation": {"sets": [{"data": "shapes", "task": "retrieval"}]},
  "card": {"license": "MIT", "limits": ["No cats.", "No dogs."]}})";

TEST(BundleCardTest, SaysWhereTheWeightsComeFrom) {
  const Recipe recipe =
      ParseRecipe(kCardRecipe, {.run = 9, .split = {}}).value();
  const Json card = Json::parse(MakeCard(recipe, {{.name = "shapes",
                                                   .licence = "CC0",
                                                   .classes = 10,
                                                   .training_classes = 6,
                                                   .training_pictures = 120}}));
  EXPECT_EQ(card["name"], "small");
  EXPECT_EQ(card["seed"], 9);
  EXPECT_EQ(card["license"], "MIT");
  EXPECT_EQ(card["limits"], Json({"No cats.", "No dogs."}));
  EXPECT_EQ(card["data"][0]["licence"], "CC0");
  EXPECT_EQ(card["data"][0]["classes"], 10);
  EXPECT_EQ(card["data"][0]["training_classes"], 6);
  // The recipe that the card holds is the one that trained it.
  EXPECT_EQ(ParseRecipe(card["recipe"].dump())->text, recipe.text);
}

TEST(BundleCardTest, SaysNothingThatTheRecipeDoesNot) {
  Recipe recipe = ParseRecipe(kCardRecipe).value();
  recipe.card = {};
  const Json card = Json::parse(MakeCard(recipe, {}));
  EXPECT_FALSE(card.contains("license"));
  EXPECT_FALSE(card.contains("limits"));
}

}  // namespace
}  // namespace likeness
