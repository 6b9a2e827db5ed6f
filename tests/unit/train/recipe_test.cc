#include "engine/train/recipe.h"

#include <filesystem>
#include <string>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::testing::ElementsAre;
using testing::Fails;

constexpr char kRecipe[] = R"({
  "name": "small", "seed": 7, "steps": 20,
  "network": {"architecture": "conv4", "random_start": true, "side": 32,
              "train_side": 32},
  "heads": {"similar": {"pooling": "avg", "dimensions": 16}},
  "data": [{"name": "shapes", "path": "shapes", "train": 0.5,
            "validation": 0.5, "test": 0}],
  "streams": [
    {"name": "classes", "data": "shapes", "sampler": "classes",
     "augment": "drawing"},
    {"name": "pictures", "data": "shapes", "sampler": "instances"}],
  "losses": [{"loss": {"type": "triplet", "margin": 0.3}, "head": "similar",
              "streams": ["classes"], "weight": 2}],
  "validation": {"every": 5,
                 "sets": [{"data": "shapes", "task": "retrieval"}]}})";

std::string With(const char* from, const char* to) {
  return absl::StrReplaceAll(kRecipe, {{from, to}});
}

TEST(RecipeTest, ReadsWhatItSaysOverTheDefaults) {
  const auto recipe = ParseRecipe(kRecipe);
  ASSERT_OK(recipe);
  EXPECT_EQ(recipe->name, "small");
  EXPECT_EQ(recipe->seed, 7);
  EXPECT_EQ(recipe->network.architecture, "conv4");
  EXPECT_EQ(recipe->network.piece, NetworkSpec().piece);
  EXPECT_EQ(recipe->heads[Space::kSimilar].spec.projection, "heads.similar");
  EXPECT_EQ(recipe->heads[Space::kCopy].spec.projection, "heads.copy");
  EXPECT_EQ(recipe->losses[0].loss.margin, 0.3);
  EXPECT_EQ(recipe->losses[0].weight, 2);
  EXPECT_EQ(recipe->streams[0].augment, DrawingViews());
  EXPECT_EQ(recipe->streams[1].augment, ViewRecipe());
  EXPECT_EQ(recipe->validation.every, 5);
}

TEST(RecipeTest, TellsTheCardWhatNoMachineKnows) {
  const auto recipe = ParseRecipe(With(
      "\"name\": \"small\"",
      R"("name": "small", "card": {"license": "MIT", "limits": ["No cats."]})"));
  ASSERT_OK(recipe);
  EXPECT_EQ(recipe->card.license, "MIT");
  EXPECT_THAT(recipe->card.limits, ElementsAre("No cats."));
}

TEST(RecipeTest, FindsStreamsByName) {
  const auto recipe = ParseRecipe(kRecipe);
  ASSERT_OK(recipe);
  EXPECT_THAT(recipe->StreamIndices({}), ElementsAre(0, 1));
  EXPECT_THAT(recipe->StreamIndices({"pictures"}), ElementsAre(1));
}

TEST(RecipeTest, SeedsMayBeSetApart) {
  const auto recipe = ParseRecipe(kRecipe, {.run = 11, .split = 12});
  ASSERT_OK(recipe);
  EXPECT_EQ(recipe->seed, 11);
  EXPECT_EQ(recipe->data[0].seed, 12);
  // A checkpoint of one seed is not another's.
  EXPECT_NE(recipe->text, ParseRecipe(kRecipe)->text);
}

struct Mistake {
  const char* from;
  const char* to;
  const char* blamed;
};

class RecipeMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(RecipeMistakeTest, IsBlamedOnItsField) {
  const Mistake& mistake = GetParam();
  EXPECT_THAT(ParseRecipe(With(mistake.from, mistake.to)),
              Fails(absl::StatusCode::kInvalidArgument, mistake.blamed));
}

INSTANTIATE_TEST_SUITE_P(
    All, RecipeMistakeTest,
    ::testing::Values(
        Mistake{"\"steps\": 20", "\"steps\": 0", "steps"},
        Mistake{"\"steps\": 20", "\"stepps\": 20", "stepps"},
        Mistake{"\"seed\": 7", "\"seed\": -1", "seed"},
        Mistake{"\"margin\": 0.3", "\"margin\": -1", "losses[0].loss.margin"},
        Mistake{"[\"classes\"]", "[\"clases\"]", "losses[0].streams"},
        Mistake{"\"sampler\": \"classes\"", "\"sampler\": \"all\"",
                "streams[0].sampler"},
        Mistake{"\"drawing\"", "\"sketch\"", "streams[0].augment"},
        Mistake{"\"data\": \"shapes\", \"task\"", "\"data\": \"x\", \"task\"",
                "validation.sets[0].data"},
        Mistake{"\"steps\": 20",
                R"("averaging": {"type": "none", "start_share": 0.5})",
                "averaging.start_share"},
        Mistake{R"("sets": [{"data": "shapes", "task": "retrieval"}])",
                R"("early_stopping": {"patience": 2})",
                "validation.early_stopping"},
        Mistake{R"("validation": {"every": 5,
                 "sets": [{"data": "shapes", "task": "retrieval"}]})",
                R"("schedule": {"type": "plateau"})", "schedule.type"},
        Mistake{"\"train\": 0.5", "\"train\": 0.7", "data[0]"},
        Mistake{"\"pooling\": \"avg\"", "\"pooling\": \"mean\"",
                "heads.similar.pooling"},
        Mistake{"\"name\": \"pictures\"", "\"name\": \"classes\"",
                "streams[1].name"},
        Mistake{"\"side\": 32", "\"side\": \"large\"", "network.side"}));

TEST(RecipeTest, ThoseOfTheRepositoryCanBeRead) {
  int read = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(testing::SourceDir() + "/recipes")) {
    EXPECT_OK(ParseRecipe(testing::ReadFileOrFail(file.path().string())))
        << file.path();
    ++read;
  }
  EXPECT_GT(read, 0);
}

TEST(RecipeTest, RefusesWhatIsNoRecipe) {
  EXPECT_THAT(ParseRecipe("steps: 3"),
              Fails(absl::StatusCode::kInvalidArgument, "JSON object"));
  EXPECT_THAT(ParseRecipe(R"({"name": "empty"})"),
              Fails(absl::StatusCode::kInvalidArgument, "data"));
}

}  // namespace
}  // namespace likeness
