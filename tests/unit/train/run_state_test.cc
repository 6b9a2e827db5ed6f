#include "engine/train/run_state.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::Fails;
using testing::HasReason;

RunState SomeState() {
  RunState state;
  state.recipe = R"({"name": "x"})";
  state.step = 40;
  state.best_step = 30;
  state.first = {.metrics = {{"a.b", 0.25}}, .score = 0.25};
  state.best = {.metrics = {{"a.b", 0.75}}, .score = 0.75};
  state.plateau.factor = 0.1;
  for (int i = 0; i < 4; ++i) state.plateau.best.Observe(0.5, 0);
  state.plateau.last_drop = 3;
  state.stopping.Observe(0.75, 0);
  return state;
}

TEST(RunStateTest, ComesBackAsItWas) {
  const RunState state = SomeState();
  const auto read = RunStateFromJson(RunStateToJson(state));
  ASSERT_OK(read);
  EXPECT_EQ(read->recipe, state.recipe);
  EXPECT_EQ(read->step, 40);
  EXPECT_EQ(read->best_step, 30);
  EXPECT_EQ(read->first.metrics, state.first.metrics);
  EXPECT_EQ(read->best.score, 0.75);
  EXPECT_EQ(read->plateau.factor, 0.1);
  EXPECT_EQ(read->plateau.last_drop, 3);
  EXPECT_EQ(read->stopping.best, 0.75);
  EXPECT_EQ(read->stopping.evaluations, 1);
}

TEST(RunStateTest, DamageIsNamed) {
  nlohmann::json json = nlohmann::json::parse(RunStateToJson(SomeState()));
  json.erase("best_step");
  EXPECT_THAT(RunStateFromJson(json.dump()),
              Fails(absl::StatusCode::kDataLoss, "state.best_step"));
  EXPECT_THAT(RunStateFromJson("no JSON").status(), HasReason("CORRUPT_DATA"));
}

}  // namespace
}  // namespace likeness
