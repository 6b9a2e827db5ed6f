#include "engine/train/optimizer.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::Apart;
using testing::Fails;
using testing::Matrix;

constexpr double kStepTolerance = 1e-12;

NamedParameter Parameter(const std::string& name, const at::Tensor& start) {
  return {name, start.clone().requires_grad_()};
}

void SetGradient(const NamedParameter& parameter, const at::Tensor& gradient) {
  at::Tensor tensor = parameter.tensor;
  tensor.mutable_grad() = gradient.clone();
}

std::unique_ptr<Optimizer> Make(const OptimizerSpec& spec,
                                const std::vector<ParameterGroup>& groups) {
  auto made = Optimizer::Make(spec, groups);
  EXPECT_OK(made);
  return *std::move(made);
}

TEST(OptimizerTest, AdamWsFirstStepIsDecayAndTheSignOfTheGradient) {
  const NamedParameter weight = Parameter("weight", Matrix({{2, -3}}));
  const auto optimizer = Make({.learning_rate = 0.1, .weight_decay = 0.5},
                              {{.parameters = {weight}}});
  SetGradient(weight, Matrix({{4, -5}}));
  ASSERT_OK(optimizer->Step(1));
  // The bias-corrected moments are g and g^2; epsilon is 1e-8.
  const double decay = 1 - 0.1 * 0.5;
  EXPECT_LT(Apart(weight.tensor, Matrix({{2 * decay - 0.1 * 4 / (4 + 1e-8),
                                          -3 * decay + 0.1 * 5 / (5 + 1e-8)}})),
            kStepTolerance);
}

TEST(OptimizerTest, SgdStepsWithMomentumAndDecay) {
  const NamedParameter weight = Parameter("weight", Matrix({{2}}));
  const auto optimizer = Make({.type = OptimizerType::kSgd,
                               .learning_rate = 0.1,
                               .weight_decay = 0.5,
                               .momentum = 0.9},
                              {{.parameters = {weight}}});
  double value = 2;
  double velocity = 0;
  for (const double gradient : {3.0, -1.0, 0.5}) {
    SetGradient(weight, Matrix({{gradient}}));
    ASSERT_OK(optimizer->Step(1));
    velocity = 0.9 * velocity + gradient + 0.5 * value;
    value -= 0.1 * velocity;
    EXPECT_NEAR(weight.tensor.item<double>(), value, kStepTolerance);
  }
}

// With 0.01, LibTorch's own default of AdamW, among them.
TEST(OptimizerTest, DecaysWeightsOfTwoDimensionsAndNoBias) {
  for (const OptimizerType type :
       {OptimizerType::kAdamW, OptimizerType::kSgd}) {
    for (const double decay : {0.0, 0.01, 0.3}) {
      const NamedParameter weight = Parameter("weight", Matrix({{2}}));
      const NamedParameter bias = Parameter("bias", Matrix({{2}})[0]);
      const auto optimizer =
          Make({.type = type, .learning_rate = 0.1, .weight_decay = decay},
               {{.parameters = {weight, bias}}});
      SetGradient(weight, Matrix({{0}}));
      SetGradient(bias, Matrix({{0}})[0]);
      ASSERT_OK(optimizer->Step(1));
      EXPECT_NEAR(weight.tensor.item<double>(), 2 * (1 - 0.1 * decay),
                  kStepTolerance);
      EXPECT_EQ(bias.tensor.item<double>(), 2);
    }
  }
}

TEST(OptimizerTest, LearningRateIsTheProductOfItsFactors) {
  const NamedParameter trunk = Parameter("trunk", Matrix({{1}}));
  const NamedParameter head = Parameter("head", Matrix({{1}}));
  const auto optimizer =
      Make({.type = OptimizerType::kSgd,
            .learning_rate = 0.1,
            .weight_decay = 0,
            .momentum = 0},
           {{.parameters = {trunk}},
            {.parameters = {head}, .learning_rate_factor = 10}});
  SetGradient(trunk, Matrix({{1}}));
  SetGradient(head, Matrix({{1}}));
  ASSERT_OK(optimizer->Step(0.5));
  EXPECT_NEAR(trunk.tensor.item<double>(), 1 - 0.05, kStepTolerance);
  EXPECT_NEAR(head.tensor.item<double>(), 1 - 0.5, kStepTolerance);
}

TEST(OptimizerTest, ClipsTheNormOverAllParametersAndReportsItUnclipped) {
  const NamedParameter a = Parameter("a", Matrix({{0, 0}}));
  const NamedParameter b = Parameter("b", Matrix({{0}})[0]);
  const auto optimizer = Make({.type = OptimizerType::kSgd,
                               .learning_rate = 1,
                               .weight_decay = 0,
                               .clip_norm = 2,
                               .momentum = 0},
                              {{.parameters = {a}}, {.parameters = {b}}});
  SetGradient(a, Matrix({{2, 3}}));
  SetGradient(b, Matrix({{6}})[0]);
  ASSERT_OK_AND_ASSIGN(const double norm, optimizer->Step(1));
  EXPECT_NEAR(norm, 7, kStepTolerance);
  EXPECT_LT(Apart(a.tensor, Matrix({{-4.0 / 7, -6.0 / 7}})), kStepTolerance);
  EXPECT_NEAR(b.tensor.item<double>(), -12.0 / 7, kStepTolerance);

  // Below the limit, nothing is scaled.
  SetGradient(a, Matrix({{1, 0}}));
  SetGradient(b, Matrix({{0}})[0]);
  ASSERT_OK_AND_ASSIGN(const double small, optimizer->Step(1));
  EXPECT_EQ(small, 1);
  EXPECT_LT(Apart(a.tensor, Matrix({{-11.0 / 7, -6.0 / 7}})), kStepTolerance);
}

TEST(OptimizerTest, RefusesGradientsThatAreNotFiniteAndChangesNothing) {
  const NamedParameter a = Parameter("a", Matrix({{1}}));
  const NamedParameter b = Parameter("b", Matrix({{1}}));
  const auto optimizer = Make({}, {{.parameters = {a, b}}});
  SetGradient(a, Matrix({{1}}));
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()}) {
    SetGradient(b, Matrix({{bad}}));
    EXPECT_THAT(optimizer->Step(1),
                Fails(absl::StatusCode::kAborted, "gradient of \"b\""));
  }
  EXPECT_EQ(a.tensor.item<double>(), 1);
  EXPECT_TRUE(optimizer->State().empty());
}

TEST(OptimizerTest, LeavesFrozenParametersAndThoseWithoutGradientAlone) {
  const NamedParameter frozen = {"frozen", Matrix({{1}})};
  const NamedParameter unused = Parameter("unused", Matrix({{1}}));
  const auto optimizer = Make({}, {{.parameters = {frozen, unused}}});
  ASSERT_OK_AND_ASSIGN(const double norm, optimizer->Step(1));
  EXPECT_EQ(norm, 0);
  EXPECT_EQ(frozen.tensor.item<double>(), 1);
  EXPECT_EQ(unused.tensor.item<double>(), 1);
}

TEST(OptimizerTest, ZeroGradientsForgetsThem) {
  const NamedParameter weight = Parameter("weight", Matrix({{1}}));
  const auto optimizer = Make({}, {{.parameters = {weight}}});
  SetGradient(weight, Matrix({{1}}));
  optimizer->ZeroGradients();
  EXPECT_FALSE(weight.tensor.grad().defined());
}

TEST(OptimizerTest, RefusesABadSpecAndOneNameForTwo) {
  EXPECT_THAT(Optimizer::Make({.learning_rate = 0}, {}),
              testing::BlamesField("optimizer.learning_rate"));
  const NamedParameter a = Parameter("a", Matrix({{1}}));
  EXPECT_THAT(Optimizer::Make({}, {{.parameters = {a}}, {.parameters = {a}}}),
              Fails(absl::StatusCode::kInvalidArgument, "called \"a\""));
}

// Two parameters, of which one gets no gradient before the fourth step.
class Training {
 public:
  explicit Training(OptimizerType type)
      : optimizer_(Make({.type = type, .learning_rate = 0.1},
                        {{.parameters = {weight_, late_}}})) {}

  void Step(int step) {
    const double gradient = std::sin(step);
    optimizer_->ZeroGradients();
    SetGradient(weight_, Matrix({{gradient, 2 * gradient}}));
    if (step >= 3) SetGradient(late_, Matrix({{gradient}})[0]);
    EXPECT_OK(optimizer_->Step(1));
  }

  at::Tensor Weights() const {
    return at::cat({weight_.tensor.detach().flatten(), late_.tensor.detach()});
  }

  // Continues where `other` is.
  void ContinueFrom(const Training& other) {
    const at::NoGradGuard no_grad;
    weight_.tensor.copy_(other.weight_.tensor);
    late_.tensor.copy_(other.late_.tensor);
    EXPECT_OK(optimizer_->Restore(other.optimizer_->State()));
  }

  Optimizer& optimizer() { return *optimizer_; }

 private:
  NamedParameter weight_ = Parameter("weight", Matrix({{1, -2}}));
  NamedParameter late_ = Parameter("late", Matrix({{3}})[0]);
  std::unique_ptr<Optimizer> optimizer_;
};

TEST(OptimizerTest, GoesOnFromItsStateToTheBit) {
  for (const OptimizerType type :
       {OptimizerType::kAdamW, OptimizerType::kSgd}) {
    for (const int interruption : {0, 2, 4}) {
      Training whole(type);
      for (int step = 0; step < 6; ++step) whole.Step(step);
      Training first(type);
      for (int step = 0; step < interruption; ++step) first.Step(step);
      Training second(type);
      second.Step(5);  // What Restore has to replace.
      second.ContinueFrom(first);
      for (int step = interruption; step < 6; ++step) second.Step(step);
      EXPECT_TRUE(whole.Weights().equal(second.Weights()))
          << OptimizerTypeName(type) << " after " << interruption;
    }
  }
}

TEST(OptimizerTest, RefusesTheStateOfOtherParameters) {
  Training training(OptimizerType::kAdamW);
  training.Step(0);
  const NamedTensors state = training.optimizer().State();
  EXPECT_EQ(state.size(), 3U);

  NamedTensors missing = state;
  missing.erase("weight.exp_avg");
  EXPECT_THAT(training.optimizer().Restore(missing),
              Fails(absl::StatusCode::kDataLoss, "no \"weight.exp_avg\""));
  NamedTensors other = state;
  other["weight.exp_avg_sq"] = Matrix({{1}});
  EXPECT_THAT(training.optimizer().Restore(other),
              Fails(absl::StatusCode::kDataLoss,
                    "is Double [1, 1], not Double [1, 2]"));
  NamedTensors more = state;
  more["else.step"] = IntegerTensor(1);
  EXPECT_THAT(training.optimizer().Restore(more),
              Fails(absl::StatusCode::kDataLoss, "has 4 tensors, of which 3"));
  EXPECT_EQ(training.optimizer().State().size(), 3U);
}

}  // namespace
}  // namespace likeness
