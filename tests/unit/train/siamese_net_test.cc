#include "engine/train/siamese_net.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "engine/core/safetensors_writer.h"
#include "engine/embed/head.h"
#include "engine/embed/torch_embedder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/shape_pictures.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/train/small_net.h"

namespace likeness {
namespace {

using testing::MakeSmallNet;
using testing::SmallBundle;
using testing::SmallInputs;

TEST(SiameseNetTest, BothBranchesAreOneNetworkAndStaySo) {
  const std::shared_ptr<SiameseNet> net = MakeSmallNet("conv4");
  const at::Tensor pixels = at::rand({2, 1, 32, 32});
  const auto distance = [&] {
    const at::Tensor left =
        net->Run(net->RunFrozen(pixels)).vectors[Space::kSimilar];
    const at::Tensor right =
        net->Run(net->RunFrozen(pixels)).vectors[Space::kSimilar];
    return (left - right).abs().max().item<float>();
  };
  EXPECT_EQ(distance(), 0);
  // A step that pulls the two pictures of a pair together changes the one
  // network, so both branches.
  const at::Tensor vectors =
      net->Run(net->RunFrozen(pixels)).vectors[Space::kSimilar];
  (vectors[0] - vectors[1]).pow(2).sum().backward();
  {
    const at::NoGradGuard no_grad;
    for (const NamedParameter& parameter : net->TrunkParameters()) {
      if (parameter.tensor.grad().defined()) {
        parameter.tensor.sub_(parameter.tensor.grad());
      }
    }
  }
  EXPECT_EQ(distance(), 0);
}

TEST(SiameseNetTest, FrozenStagesHaveNoParametersToTrain) {
  const auto all = MakeSmallNet("conv4", 0)->TrunkParameters();
  const auto fewer = MakeSmallNet("conv4", 3)->TrunkParameters();
  EXPECT_LT(fewer.size(), all.size());
  for (const NamedParameter& parameter : fewer) {
    EXPECT_THAT(parameter.name, ::testing::HasSubstr("block3"));
  }
}

TEST(SiameseNetTest, FrozenStagesKeepTheirStatisticsWhenNormsAreLive) {
  const std::shared_ptr<SiameseNet> net =
      MakeSmallNet("conv4", 2, /*live_norms=*/true);
  const auto statistics = [&] {
    std::vector<float> means;
    for (const auto& buffer : net->network().named_buffers()) {
      if (buffer.key().ends_with("running_mean")) {
        means.push_back(buffer.value().sum().item<float>());
      }
    }
    return means;
  };
  const std::vector<float> before = statistics();
  net->BeginTraining();
  net->Run(net->RunFrozen(at::rand({4, 1, 32, 32})));
  net->EndTraining();
  const std::vector<float> after = statistics();
  ASSERT_EQ(before.size(), 4);
  EXPECT_EQ(before[0], after[0]);
  EXPECT_EQ(before[1], after[1]);
  EXPECT_NE(before[2], after[2]);
  EXPECT_NE(before[3], after[3]);
}

TEST(TrainedHeadTest, PrincipalComponentsKeepTheCosinesThatFitInThem) {
  torch::manual_seed(1);
  // Features that vary in three directions only, about a mean.
  const at::Tensor basis = at::randn({3, 40});
  const at::Tensor map = (at::randn({60, 3}).mm(basis) + at::randn({1, 40}))
                             .reshape({60, 40, 1, 1});
  TrainedHead head({.pooling = "avg", .dimensions = 3, .projection = "h"}, 40);
  head.eval();
  const at::Tensor pooled = head.Pooled(map);
  head.InitialiseWithPrincipalComponents(pooled);
  const at::NoGradGuard no_grad;
  const at::Tensor vectors = head.forward(map);
  const at::Tensor centred = ToUnitLength(pooled - pooled.mean(0));
  const at::Tensor difference =
      vectors.mm(vectors.t()) - centred.mm(centred.t());
  EXPECT_LT(difference.abs().max().item<float>(), 1e-4);
}

class ExportTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ExportTest, TheBundleGivesTheVectorsOfTheTrainedNetwork) {
  const std::shared_ptr<SiameseNet> net =
      MakeSmallNet(GetParam(), 0, /*live_norms=*/true);
  // Away from the identity, so that folding the neck has something to do.
  net->BeginTraining();
  for (int i = 0; i < 3; ++i) {
    net->Run(net->RunFrozen(at::rand({8, 1, 32, 32})));
  }
  net->EndTraining();
  const ModelBundle bundle = SmallBundle(*net, GetParam());
  ASSERT_OK_AND_ASSIGN(const auto embedder, MakeTorchEmbedder(bundle, {}));
  const std::vector<NetworkInput> inputs = SmallInputs(3);
  ASSERT_OK_AND_ASSIGN(const auto embedded, embedder->Embed(inputs));
  const at::NoGradGuard no_grad;
  const at::Tensor pixels =
      PixelsToTensor(inputs, testing::SmallScaling(), PixelOrder::kUpright);
  const SiameseNet::Output output = net->Run(net->RunFrozen(pixels));
  for (const Space space : kAllSpaces) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      const std::vector<float>& vector = embedded[i].vectors[space];
      const at::Tensor expected =
          output.vectors[space][static_cast<int64_t>(i)].contiguous();
      double cosine = 0;
      for (size_t d = 0; d < vector.size(); ++d) {
        cosine += static_cast<double>(vector[d]) *
                  static_cast<double>(expected.const_data_ptr<float>()[d]);
      }
      EXPECT_GT(cosine, 0.9999) << SpaceName(space) << " of picture " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(SmallNetworks, ExportTest,
                         ::testing::Values("conv4", "lstm", "cnn_lstm"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace likeness
