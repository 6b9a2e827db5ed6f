#include "engine/train/weight_averaging.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::Apart;
using testing::Fails;
using testing::Matrix;

constexpr double kAverageTolerance = 1e-12;

// One weight of a network, which a step sets.
class Weight {
 public:
  void Set(double value) {
    const at::NoGradGuard no_grad;
    tensor_.fill_(value);
  }
  double value() const { return tensor_.item<double>(); }
  std::vector<NamedParameter> named() const { return {{"weight", tensor_}}; }

 private:
  at::Tensor tensor_ = Matrix({{0}}).requires_grad_();
};

// What the network has while swapped.
double Average(WeightAverage& average, const Weight& weight) {
  average.Swap();
  const double value = weight.value();
  average.Swap();
  return value;
}

TEST(WeightAverageTest, ExponentialIsTheClosedFormWithoutTheStart) {
  Weight weight;
  weight.Set(1e6);  // No step's: must leave no trace.
  WeightAverage average({.type = AveragingType::kEma, .decay = 0.9},
                        weight.named());
  double sum = 0;
  double weights = 0;
  for (int step = 1; step <= 5; ++step) {
    weight.Set(std::cos(step));
    average.Update(0);
    sum = 0.9 * sum + std::cos(step);
    weights = 0.9 * weights + 1;
    EXPECT_NEAR(Average(average, weight), sum / weights, kAverageTolerance)
        << step;
  }
}

TEST(WeightAverageTest, StochasticIsThePlainMeanFromItsStartOn) {
  Weight weight;
  WeightAverage average({.type = AveragingType::kSwa, .start = 0.5, .every = 2},
                        weight.named());
  for (int step = 0; step < 10; ++step) {
    weight.Set(step * step);
    average.Update(step / 10.0);
  }
  EXPECT_NEAR(Average(average, weight), (25 + 49 + 81) / 3.0,
              kAverageTolerance);
}

TEST(WeightAverageTest, MovesTowardsTheStartByItsShare) {
  Weight weight;
  weight.Set(8);
  WeightAverage with_average({.type = AveragingType::kSwa, .start_share = 0.25},
                             weight.named());
  WeightAverage with_last({.start_share = 0.25}, weight.named());
  EXPECT_NEAR(Average(with_average, weight), 8, kAverageTolerance);
  for (const double value : {1.0, 3.0}) {
    weight.Set(value);
    with_average.Update(0);
    with_last.Update(0);
  }
  EXPECT_NEAR(Average(with_average, weight), 0.75 * 2 + 0.25 * 8,
              kAverageTolerance);
  EXPECT_NEAR(Average(with_last, weight), 0.75 * 3 + 0.25 * 8,
              kAverageTolerance);
  EXPECT_EQ(weight.value(), 3);
}

TEST(WeightAverageTest, SwapIsItsOwnInverse) {
  Weight weight;
  WeightAverage average({.type = AveragingType::kEma}, weight.named());
  weight.Set(3);
  average.Swap();  // There is no average yet: the weights stand for it.
  EXPECT_EQ(weight.value(), 3);
  average.Swap();
  EXPECT_EQ(weight.value(), 3);
  average.Update(0);
  weight.Set(4);
  average.Swap();
  EXPECT_EQ(weight.value(), 3);
  average.Swap();
  EXPECT_EQ(weight.value(), 4);
  EXPECT_EQ(Average(average, weight), 3);
}

TEST(WeightAverageTest, NoneNeverChangesAnything) {
  Weight weight;
  WeightAverage average({.type = AveragingType::kNone}, weight.named());
  average.Update(1);
  weight.Set(5);
  EXPECT_EQ(Average(average, weight), 5);
}

TEST(WeightAverageTest, GoesOnFromItsStateToTheBit) {
  for (const AveragingType type : {AveragingType::kEma, AveragingType::kSwa}) {
    const AveragingSpec spec{.type = type, .decay = 0.7, .every = 2};
    Weight weight;
    WeightAverage whole(spec, weight.named());
    for (int step = 0; step < 5; ++step) {
      weight.Set(std::cos(step));
      whole.Update(0);
    }
    WeightAverage resumed(spec, weight.named());
    ASSERT_OK(resumed.Restore(whole.State()));
    for (int step = 5; step < 9; ++step) {
      weight.Set(std::cos(step));
      whole.Update(0);
      resumed.Update(0);
    }
    EXPECT_EQ(Average(whole, weight), Average(resumed, weight));
  }
}

TEST(WeightAverageTest, RefusesTheStateOfOtherWeights) {
  Weight weight;
  WeightAverage average({.type = AveragingType::kEma}, weight.named());
  average.Update(0);
  NamedTensors state = average.State();
  state["weight"] = Matrix({{1, 2}});
  EXPECT_THAT(average.Restore(state),
              Fails(absl::StatusCode::kDataLoss, "\"weight\" is Double"));
  state.erase("weight");
  EXPECT_THAT(average.Restore(state),
              Fails(absl::StatusCode::kDataLoss, "no \"weight\""));
}

}  // namespace
}  // namespace likeness
