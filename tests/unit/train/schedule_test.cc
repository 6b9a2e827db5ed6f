#include "engine/train/schedule.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;

constexpr double kTolerance = 1e-12;

TEST(ScheduleFactorTest, ConstantWarmsUpInEqualSteps) {
  const ScheduleSpec spec{.type = ScheduleType::kConstant, .warm_up_steps = 4};
  const std::vector<double> expected = {0.25, 0.5, 0.75, 1, 1, 1};
  for (size_t step = 0; step < expected.size(); ++step) {
    EXPECT_EQ(ScheduleFactor(spec, static_cast<int64_t>(step), 6),
              expected[step]);
  }
  EXPECT_EQ(ScheduleFactor({.type = ScheduleType::kConstant}, 0, 6), 1);
}

TEST(ScheduleFactorTest, CosineFallsFromTheWarmUpToItsEnd) {
  const ScheduleSpec spec{
      .type = ScheduleType::kCosine, .warm_up_steps = 10, .final_factor = 0.1};
  EXPECT_NEAR(ScheduleFactor(spec, 4, 70), 0.5, kTolerance);
  EXPECT_NEAR(ScheduleFactor(spec, 10, 70), 1, kTolerance);
  // Thirds of the way: cosines 1/2, 0 at the half, -1/2.
  EXPECT_NEAR(ScheduleFactor(spec, 30, 70), 0.1 + 0.9 * 0.75, kTolerance);
  EXPECT_NEAR(ScheduleFactor(spec, 40, 70), 0.1 + 0.9 * 0.5, kTolerance);
  EXPECT_NEAR(ScheduleFactor(spec, 50, 70), 0.1 + 0.9 * 0.25, kTolerance);
  EXPECT_NEAR(ScheduleFactor(spec, 70, 70), 0.1, kTolerance);
  EXPECT_NEAR(ScheduleFactor(spec, 99, 70), 0.1, kTolerance);
}

TEST(ScheduleFactorTest, CosineOfATrainingWithinItsWarmUpOnlyRises) {
  const ScheduleSpec spec{.type = ScheduleType::kCosine, .warm_up_steps = 10};
  EXPECT_NEAR(ScheduleFactor(spec, 4, 5), 0.5, kTolerance);
}

TEST(ScheduleFactorTest, StepFallsEverySoManySteps) {
  const ScheduleSpec spec{.type = ScheduleType::kStep,
                          .warm_up_steps = 2,
                          .drop_factor = 0.5,
                          .drop_every = 3};
  const std::vector<double> expected = {0.5, 1, 1, 0.5, 0.5, 0.5, 0.25};
  for (size_t step = 0; step < expected.size(); ++step) {
    EXPECT_EQ(ScheduleFactor(spec, static_cast<int64_t>(step), 100),
              expected[step]);
  }
}

ScheduleSpec Plateau() {
  return {.type = ScheduleType::kPlateau,
          .warm_up_steps = 2,
          .final_factor = 0.2,
          .drop_factor = 0.5,
          .patience = 2,
          .min_improvement = 0.01};
}

TEST(ScheduleTest, PlateauFallsAfterItsPatienceAndWaitsAgain) {
  Schedule schedule(Plateau(), 100);
  const auto factor_after = [&](double metric) {
    schedule.Observe(metric);
    return schedule.FactorAt(50);
  };
  EXPECT_EQ(factor_after(0.5), 1);
  EXPECT_EQ(factor_after(0.505), 1);  // Too little.
  EXPECT_EQ(factor_after(0.6), 1);
  EXPECT_EQ(factor_after(0.1), 1);
  EXPECT_EQ(factor_after(std::numeric_limits<double>::quiet_NaN()), 0.5);
  EXPECT_EQ(factor_after(0.6), 0.5);
  EXPECT_EQ(factor_after(0.6), 0.25);
  EXPECT_EQ(factor_after(0.6), 0.25);
  EXPECT_EQ(factor_after(0.6), 0.2);     // The least.
  EXPECT_EQ(schedule.FactorAt(0), 0.1);  // The warm-up comes on top.
}

TEST(ScheduleTest, PlateauGoesOnFromItsState) {
  Schedule whole(Plateau(), 100);
  const std::vector<double> metrics = {0.5, 0.4, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7};
  for (size_t i = 0; i < metrics.size(); ++i) {
    ASSERT_OK_AND_ASSIGN(const PlateauState state,
                         ParsePlateauState(ToJson(whole.state()), "plateau"));
    Schedule resumed(Plateau(), 100, state);
    for (size_t j = i; j < metrics.size(); ++j) resumed.Observe(metrics[j]);
    Schedule again(Plateau(), 100);
    for (const double metric : metrics) again.Observe(metric);
    EXPECT_EQ(resumed.FactorAt(9), again.FactorAt(9)) << i;
    EXPECT_EQ(resumed.state().last_drop, again.state().last_drop) << i;
    whole.Observe(metrics[i]);
  }
}

TEST(ScheduleTest, OnlyAPlateauListensToMetrics) {
  Schedule schedule({.type = ScheduleType::kConstant, .patience = 1}, 10);
  for (int i = 0; i < 5; ++i) schedule.Observe(0);
  EXPECT_EQ(schedule.FactorAt(3), 1);
}

TEST(PlateauStateTest, RefusesWhatNoScheduleWrote) {
  nlohmann::json json = ToJson(PlateauState{});
  json["last_drop"] = 1;
  EXPECT_THAT(ParsePlateauState(json, "p"), BlamesField("p.last_drop"));
  json = ToJson(PlateauState{});
  json["factor"] = 2;
  EXPECT_THAT(ParsePlateauState(json, "p"), BlamesField("p.factor"));
  json = ToJson(PlateauState{});
  json["best"]["best_evaluation"] = 3;
  EXPECT_THAT(ParsePlateauState(json, "p"),
              BlamesField("p.best.best_evaluation"));
  json.erase("best");
  EXPECT_THAT(ParsePlateauState(json, "p"), BlamesField("p.best"));
}

TEST(ScheduleSpecTest, IsReadFromJson) {
  ASSERT_OK_AND_ASSIGN(const ScheduleSpec spec, ParseScheduleSpec({
                                                    {"type", "plateau"},
                                                    {"warm_up_steps", 5},
                                                    {"final_factor", 0.1},
                                                    {"drop_factor", 0.3},
                                                    {"patience", 7},
                                                    {"min_improvement", 0.2},
                                                }));
  EXPECT_EQ(spec.type, ScheduleType::kPlateau);
  EXPECT_EQ(spec.warm_up_steps, 5);
  EXPECT_EQ(spec.final_factor, 0.1);
  EXPECT_EQ(spec.drop_factor, 0.3);
  EXPECT_EQ(spec.patience, 7);
  EXPECT_EQ(spec.min_improvement, 0.2);
}

TEST(ScheduleSpecTest, ErrorsNameTheField) {
  EXPECT_THAT(ParseScheduleSpec({{"type", "linear"}}),
              Fails(absl::StatusCode::kInvalidArgument,
                    "schedule.type: there is no schedule \"linear\"; use "
                    "constant, cosine, step or plateau"));
  EXPECT_THAT(ParseScheduleSpec(nlohmann::json::object(), "recipe.schedule"),
              BlamesField("recipe.schedule.type"));
  EXPECT_THAT(ParseScheduleSpec({{"type", "cosine"}, {"patience", 3}}),
              BlamesField("schedule.patience"));
  EXPECT_THAT(ParseScheduleSpec({{"type", "cosine"}, {"final_factor", 2}}),
              BlamesField("schedule.final_factor"));
  EXPECT_THAT(ParseScheduleSpec({{"type", "constant"}, {"warm_up_steps", -1}}),
              BlamesField("schedule.warm_up_steps"));
  EXPECT_THAT(ParseScheduleSpec({{"type", "step"}, {"drop_every", 0}}),
              BlamesField("schedule.drop_every"));
  EXPECT_THAT(ParseScheduleSpec({{"type", "step"}, {"drop_factor", 1}}),
              BlamesField("schedule.drop_factor"));
  EXPECT_THAT(ParseScheduleSpec({{"type", "plateau"}, {"patience", 0}}),
              BlamesField("schedule.patience"));
  EXPECT_THAT(ParseScheduleSpec({{"type", "plateau"}, {"min_improvement", -1}}),
              BlamesField("schedule.min_improvement"));
}

}  // namespace
}  // namespace likeness
