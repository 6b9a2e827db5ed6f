#include "engine/embed/calibration.h"

#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using Json = nlohmann::json;
using testing::BlamesField;
using testing::Fails;

Calibration Example() {
  Calibration calibration;
  calibration.method = "isotonic";
  calibration.knots = {{0.25F, 0.125F}, {0.5F, 0.125F}, {0.75F, 0.875F}};
  calibration.prior = 0.01;
  calibration.data = "made up";
  calibration.matches = 100;
  calibration.others = 200;
  calibration.thresholds = {{.precision = 0.9,
                             .similarity = 0.5F,
                             .observed = 0.93,
                             .lower_bound = 0.91,
                             .accepted = 80,
                             .recall = 0.75},
                            {.precision = 0.95,
                             .similarity = 0.75F,
                             .observed = 0.97,
                             .lower_bound = 0.955,
                             .accepted = 60,
                             .recall = 0.5}};
  calibration.refused = {{.precision = 0.99, .pairs_needed = 5000}};
  return calibration;
}

TEST(CalibrationTest, IsotonicProbabilityWorkedByHand) {
  const Calibration calibration = Example();
  EXPECT_EQ(calibration.Probability(-1), 0.125);
  EXPECT_EQ(calibration.Probability(0.3F), 0.125);
  EXPECT_EQ(calibration.Probability(0.625F), 0.5);  // Half way up.
  EXPECT_EQ(calibration.Probability(0.75F), 0.875);
  EXPECT_EQ(calibration.Probability(1), 0.875);
}

TEST(CalibrationTest, PlattProbabilityWorkedByHand) {
  Calibration calibration;
  calibration.method = "platt";
  calibration.slope = -10;
  calibration.intercept = 5;
  EXPECT_EQ(calibration.Probability(0.5F), 0.5);
  EXPECT_NEAR(calibration.Probability(0.75F), 1 / (1 + std::exp(-2.5)), 1e-12);
}

TEST(CalibrationTest, ThresholdsAreInclusiveAndTheStrictestMetCounts) {
  const Calibration calibration = Example();
  EXPECT_FALSE(calibration.Met(0.49F).has_value());
  EXPECT_EQ(calibration.Met(0.5F)->precision, 0.9);
  EXPECT_EQ(calibration.Met(0.75F)->precision, 0.95);
}

TEST(CalibrationTest, ThresholdForTakesTheNextPrecisionUp) {
  const Calibration calibration = Example();
  EXPECT_EQ(calibration.ThresholdFor(0.5)->similarity, 0.5F);
  EXPECT_EQ(calibration.ThresholdFor(0.92)->similarity, 0.75F);
  EXPECT_THAT(calibration.ThresholdFor(0.99),
              Fails(absl::StatusCode::kNotFound, "5000 held-out pairs"));
}

TEST(CalibrationTest, JsonKeepsEverything) {
  const Calibration calibration = Example();
  ASSERT_OK_AND_ASSIGN(
      const Calibration read,
      CalibrationFromJson(CalibrationToJson(calibration), "calibration"));
  EXPECT_EQ(read, calibration);
  Calibration platt;
  platt.method = "platt";
  platt.slope = -3.5;
  platt.prior = 0.5;
  platt.matches = platt.others = 7;
  ASSERT_OK_AND_ASSIGN(const Calibration read_platt,
                       CalibrationFromJson(CalibrationToJson(platt), ""));
  EXPECT_EQ(read_platt, platt);
}

TEST(CalibrationTest, EveryMistakeIsNamed) {
  const struct {
    const char* pointer;
    Json value;
    const char* field;
  } cases[] = {
      {"/method", "magic", "c.method"},
      {"/prior", 2, "c.prior"},
      {"/prior", "x", "c.prior"},
      {"/others", 0, "c.others"},
      {"/knots", Json::array(), "c.knots"},
      {"/knots/1/probability", 0.9, "c.knots[2]"},
      {"/knots/0/similarity", -3, "c.knots[0].similarity"},
      {"/thresholds/1/recall", 1.5, "c.thresholds[1].recall"},
      {"/thresholds/1/similarity", 0.4, "c.thresholds[1]"},
      {"/thresholds/0/accepted", 0, "c.thresholds[0].accepted"},
      {"/thresholds", 5, "c.thresholds"},
      {"/refused/0/pairs_needed", -1, "c.refused[0].pairs_needed"},
      {"/nonsense", 1, "c.nonsense"},
  };
  for (const auto& mistake : cases) {
    Json json = CalibrationToJson(Example());
    json[Json::json_pointer(mistake.pointer)] = mistake.value;
    EXPECT_THAT(CalibrationFromJson(json, "c"), BlamesField(mistake.field))
        << mistake.pointer;
  }
  Json json = CalibrationToJson(Example());
  json["method"] = "platt";
  EXPECT_THAT(CalibrationFromJson(json, "c"), BlamesField("c.slope"));
  json = CalibrationToJson(Example());
  json.erase("matches");
  EXPECT_THAT(CalibrationFromJson(json, "c"), BlamesField("c.matches"));
  EXPECT_THAT(CalibrationFromJson(Json::array(), "c"), BlamesField("c"));
}

}  // namespace
}  // namespace likeness
