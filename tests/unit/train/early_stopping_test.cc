#include "engine/train/early_stopping.h"

#include <limits>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(EarlyStoppingTest, StopsAfterItsPatienceWithoutImprovement) {
  EarlyStopping stopping({.patience = 2, .min_improvement = 0.1});
  EXPECT_FALSE(stopping.ShouldStop());
  EXPECT_TRUE(stopping.Observe(-3));
  EXPECT_FALSE(stopping.Observe(-2.95));
  EXPECT_FALSE(stopping.ShouldStop());
  EXPECT_TRUE(stopping.Observe(-2.8));
  EXPECT_FALSE(stopping.Observe(-2.8));
  EXPECT_FALSE(stopping.ShouldStop());
  EXPECT_FALSE(stopping.Observe(-4));
  EXPECT_TRUE(stopping.ShouldStop());
  EXPECT_EQ(stopping.state().best_evaluation, 3);
  EXPECT_EQ(stopping.state().best, -2.8);
}

TEST(EarlyStoppingTest, NanIsNeverAnImprovement) {
  EarlyStopping stopping({.patience = 3});
  EXPECT_FALSE(stopping.Observe(kNan));
  EXPECT_EQ(stopping.state().best_evaluation, 0);
  EXPECT_TRUE(stopping.Observe(-1e9));
  EXPECT_FALSE(stopping.Observe(kNan));
  EXPECT_FALSE(stopping.Observe(kNan));
  EXPECT_FALSE(stopping.Observe(kNan));
  EXPECT_TRUE(stopping.ShouldStop());
}

TEST(EarlyStoppingTest, NeverStopsWithoutPatience) {
  EarlyStopping stopping({});
  for (int i = 0; i < 100; ++i) stopping.Observe(-i);
  EXPECT_FALSE(stopping.ShouldStop());
  EXPECT_EQ(stopping.state().best_evaluation, 1);
}

TEST(EarlyStoppingTest, GoesOnFromItsState) {
  const EarlyStoppingSpec spec{.patience = 2};
  EarlyStopping first(spec);
  first.Observe(0.75);
  first.Observe(0.5);
  ASSERT_OK_AND_ASSIGN(const BestSoFar state,
                       ParseBestSoFar(ToJson(first.state()), "stopping"));
  EarlyStopping second(spec, state);
  EXPECT_FALSE(second.ShouldStop());
  EXPECT_FALSE(second.Observe(0.7));
  EXPECT_TRUE(second.ShouldStop());
  EXPECT_EQ(second.state().best, 0.75);
}

TEST(EarlyStoppingSpecTest, IsReadFromJsonWithErrorsThatNameTheField) {
  ASSERT_OK_AND_ASSIGN(
      const EarlyStoppingSpec spec,
      ParseEarlyStoppingSpec({{"patience", 4}, {"min_improvement", 0.5}}));
  EXPECT_EQ(spec.patience, 4);
  EXPECT_EQ(spec.min_improvement, 0.5);
  EXPECT_THAT(ParseEarlyStoppingSpec({{"patience", -1}}),
              BlamesField("early_stopping.patience"));
  EXPECT_THAT(ParseEarlyStoppingSpec({{"min_improvement", -1}}),
              BlamesField("early_stopping.min_improvement"));
  EXPECT_THAT(ParseEarlyStoppingSpec({{"wait", 1}}),
              BlamesField("early_stopping.wait"));
}

}  // namespace
}  // namespace likeness
