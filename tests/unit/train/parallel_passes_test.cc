#include "engine/train/parallel_passes.h"

#include <ATen/ATen.h>

#include <vector>

#include "gtest/gtest.h"
#include "tests/unit/train/small_net.h"

namespace likeness {
namespace {

using testing::MakeSmallNet;
using testing::SmallInputs;
using testing::SmallScaling;

// A loss that ties every picture of the batch to every other.
at::Tensor SomeLoss(const PerSpace<at::Tensor>& vectors,
                    const at::Tensor& features) {
  const at::Tensor cosines =
      vectors[Space::kSimilar].mm(vectors[Space::kCopy].t());
  return cosines.pow(2).sum() + features.mean();
}

std::vector<Image> SomePictures() {
  std::vector<Image> pictures;
  for (NetworkInput& input : SmallInputs(7)) {
    pictures.push_back(std::move(input.pixels));
  }
  return pictures;
}

std::vector<at::Tensor> Gradients(const SiameseNet& net) {
  std::vector<at::Tensor> gradients;
  for (const auto& parameters : {net.TrunkParameters(), net.HeadParameters()}) {
    for (const NamedParameter& parameter : parameters) {
      gradients.push_back(parameter.tensor.grad());
    }
  }
  return gradients;
}

std::vector<at::Tensor> GradientsInPieces(int piece, int threads) {
  const std::shared_ptr<SiameseNet> net = MakeSmallNet("conv4", 1);
  ParallelPasses passes(
      *net, nullptr,
      {.piece = piece, .threads = threads, .scaling = SmallScaling()});
  const BatchOutput output = passes.Forward(SomePictures());
  SomeLoss(output.vectors, output.features).backward();
  passes.Backward(output);
  return Gradients(*net);
}

TEST(ParallelPassesTest, PiecesHaveTheGradientOfTheWholeBatch) {
  const std::vector<Image> pictures = SomePictures();
  const std::shared_ptr<SiameseNet> net = MakeSmallNet("conv4", 1);
  at::Tensor pixels = at::empty({7, 1, 32, 32});
  for (int i = 0; i < 7; ++i) {
    WritePixels(pictures[static_cast<size_t>(i)], SmallScaling(),
                PixelOrder::kUpright, pixels[i].mutable_data_ptr<float>());
  }
  const SiameseNet::Output output = net->Run(net->RunFrozen(pixels));
  SomeLoss(output.vectors, output.features).backward();
  const std::vector<at::Tensor> expected = Gradients(*net);

  const std::vector<at::Tensor> actual = GradientsInPieces(3, 2);
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_TRUE(at::allclose(actual[i], expected[i], 1e-3, 1e-5)) << i;
  }
}

TEST(ParallelPassesTest, ThreadsChangeNoBit) {
  const std::vector<at::Tensor> one = GradientsInPieces(2, 1);
  const std::vector<at::Tensor> three = GradientsInPieces(2, 3);
  ASSERT_EQ(one.size(), three.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_TRUE(at::equal(one[i], three[i])) << i;
  }
}

TEST(ParallelPassesTest, TheReferenceBeginsAsTheNetworkAndGetsNoGradient) {
  const std::shared_ptr<SiameseNet> net = MakeSmallNet("conv4", 1);
  const std::shared_ptr<SiameseNet> reference = MakeSmallNet("conv4", 1);
  ParallelPasses passes(*net, reference.get(),
                        {.piece = 4, .threads = 2, .scaling = SmallScaling()});
  const BatchOutput output = passes.Forward(SomePictures());
  EXPECT_TRUE(at::equal(output.reference.features, output.features));
  EXPECT_TRUE(at::equal(output.reference.vectors[Space::kCopy],
                        output.vectors[Space::kCopy]));
  EXPECT_FALSE(output.reference.features.requires_grad());
}

}  // namespace
}  // namespace likeness
