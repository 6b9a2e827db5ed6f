// What holds for every loss: gradients by central differences, nothing from
// nothing, the same twice.
#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::Apart;
using testing::BlamesField;
using testing::ClassBatch;
using testing::Gradient;
using testing::Integers;
using testing::LossOf;
using testing::NumericalGradient;
using ::testing::TestParamInfo;
using ::testing::ValuesIn;
using testing::WithAnchors;

constexpr int kDimensions = 3;

constexpr Distance kDifferentiated[] = {
    Distance::kEuclidean, Distance::kSquaredEuclidean, Distance::kManhattan,
    Distance::kCosine};

// Every loss with every distance, mining and balance that it knows.
std::vector<LossSpec> AllLosses() {
  std::vector<LossSpec> specs;
  for (const Distance distance : kDifferentiated) {
    for (const LossType type :
         {LossType::kContrastive, LossType::kTriplet, LossType::kInfoNce,
          LossType::kSupervisedContrastive}) {
      LossSpec spec = LossSpec::Defaults(type);
      spec.distance = distance;
      // Of the scale of the points', so that all terms take part.
      spec.margin = 2;
      spec.temperature = 0.7;
      specs.push_back(spec);
      if (type == LossType::kContrastive) {
        spec.balanced = false;
        specs.push_back(spec);
      }
      if (type != LossType::kTriplet) continue;
      for (const TripletMining mining :
           {TripletMining::kBatchAll, TripletMining::kBatchHard,
            TripletMining::kCurriculum}) {
        spec.mining = mining;
        specs.push_back(spec);
      }
    }
  }
  for (const LossType type :
       {LossType::kMultiSimilarity, LossType::kProxyAnchor, LossType::kKoLeo}) {
    specs.push_back(LossSpec::Defaults(type));
  }
  return specs;
}

std::string NameOfCase(const TestParamInfo<LossSpec>& info) {
  const LossSpec& spec = info.param;
  std::string name =
      absl::StrCat(LossTypeName(spec.type), "_", DistanceName(spec.distance));
  if (spec.type == LossType::kTriplet) {
    absl::StrAppend(&name, "_", TripletMiningName(spec.mining));
  }
  if (!spec.balanced) absl::StrAppend(&name, "_unbalanced");
  return name;
}

// Eight pictures of three classes and one of none, four of them in a memory.
LossInput Batch() {
  const auto generator = at::make_generator<at::CPUGeneratorImpl>(7);
  const at::Tensor points = at::randn({9, kDimensions}, generator, at::kDouble);
  testing::Rows batch(9);
  for (int64_t i = 0; i < points.size(0); ++i) {
    const double* row = points.const_data_ptr<double>() + i * kDimensions;
    batch[static_cast<size_t>(i)].assign(row, row + kDimensions);
  }
  LossInput input =
      ClassBatch({batch.begin(), batch.begin() + 5}, {0, 0, 1, 2, -1},
                 {batch.begin() + 5, batch.end()}, {0, 1, 1, 2});
  input.progress = 0.4;
  return input;
}

class EveryLossTest : public ::testing::TestWithParam<LossSpec> {
 protected:
  EveryLossTest() {
    torch::manual_seed(11);
    loss_ = LossOf(GetParam(), 3, kDimensions);
  }

  std::shared_ptr<Loss> loss_;
};

TEST_P(EveryLossTest, GradientIsThatOfCentralDifferences) {
  const LossInput input = Batch();
  const auto of_anchors = [&](const at::Tensor& anchors) {
    return loss_->Compute(WithAnchors(input, anchors));
  };
  const at::Tensor gradient = Gradient(of_anchors, input.anchors);
  EXPECT_GT(gradient.abs().max().item<double>(), 1e-3);
  EXPECT_LT(Apart(gradient, NumericalGradient(of_anchors, input.anchors)),
            1e-6 * (1 + gradient.abs().max().item<double>()));
}

TEST_P(EveryLossTest, GradientOfItsParametersIsThatOfCentralDifferences) {
  const LossInput input = Batch();
  for (at::Tensor& parameter : loss_->parameters()) {
    const at::Tensor start = parameter.detach().clone();
    const auto value = [&](const at::Tensor& x) {
      parameter.set_data(x.detach());
      return loss_->Compute(input);
    };
    const at::Tensor gradient =
        torch::autograd::grad({value(start)}, {parameter}).front();
    EXPECT_LT(Apart(gradient, NumericalGradient(value, start)), 1e-5);
  }
}

TEST_P(EveryLossTest, IsZeroWithZeroGradientWhenNoAnchorHasWhatItNeeds) {
  const LossInput input = ClassBatch({{1, 2, 3}}, {-1});
  const auto of_anchors = [&](const at::Tensor& anchors) {
    return loss_->Compute(WithAnchors(input, anchors));
  };
  EXPECT_EQ(of_anchors(input.anchors).item<double>(), 0);
  EXPECT_TRUE(Gradient(of_anchors, input.anchors).eq(0).all().item<bool>());
  for (const LossStatistic& statistic : loss_->Statistics()) {
    EXPECT_EQ(statistic.value, 0) << statistic.name;
  }
}

TEST_P(EveryLossTest, GradientIsFiniteWhereAllPicturesAreTheSame) {
  const LossInput input =
      ClassBatch({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}}, {0, 0, 1});
  const at::Tensor gradient = Gradient(
      [&](const at::Tensor& anchors) {
        return loss_->Compute(WithAnchors(input, anchors));
      },
      input.anchors);
  EXPECT_TRUE(gradient.isfinite().all().item<bool>());
}

TEST_P(EveryLossTest, IsTheSameTwiceToTheBitInSinglePrecision) {
  LossInput input = Batch();
  input.anchors = input.anchors.to(at::kFloat);
  input.references = input.references.to(at::kFloat);
  const auto run = [&] {
    torch::manual_seed(11);
    const auto loss = LossOf(GetParam(), 3, kDimensions);
    loss->to(at::kFloat);
    const auto value = [&](const at::Tensor& anchors) {
      return loss->Compute(WithAnchors(input, anchors));
    };
    return at::cat({value(input.anchors).unsqueeze(0),
                    Gradient(value, input.anchors).flatten()});
  };
  const at::Tensor first = run();
  EXPECT_EQ(first.scalar_type(), at::kFloat);
  EXPECT_TRUE(first.equal(run()));
}

INSTANTIATE_TEST_SUITE_P(All, EveryLossTest, ValuesIn(AllLosses()), NameOfCase);

TEST(MakeLossTest, RefusesWhatIsNotValid) {
  LossSpec spec = LossSpec::Defaults(LossType::kTriplet);
  spec.margin = 0;
  EXPECT_THAT(MakeLoss(spec, 3, 4), BlamesField("loss.margin"));
  EXPECT_THAT(MakeLoss(LossSpec::Defaults(LossType::kProxyAnchor), 0, 4),
              BlamesField("loss.type"));
}

}  // namespace
}  // namespace likeness
