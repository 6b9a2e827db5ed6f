#include "engine/embed/conv4.h"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/pooling.h>

#include <string>

namespace likeness {
namespace {

constexpr int kBlocks = 4;

}  // namespace

torch::nn::Sequential MakeConvBlock(int64_t in) {
  return torch::nn::Sequential(
      torch::nn::Conv2d(
          torch::nn::Conv2dOptions(in, kConvBlockChannels, 3).padding(1)),
      torch::nn::BatchNorm2d(kConvBlockChannels), torch::nn::ReLU(),
      torch::nn::MaxPool2d(2));
}

Conv4Impl::Conv4Impl(int side)
    : features_(kConvBlockChannels * (side >> kBlocks) * (side >> kBlocks)) {
  for (int i = 0; i < kBlocks; ++i) {
    blocks_.push_back(
        register_module("block" + std::to_string(i),
                        MakeConvBlock(i == 0 ? 1 : kConvBlockChannels)));
  }
}

at::Tensor Conv4Impl::RunStage(size_t stage, const at::Tensor& x) {
  const at::Tensor map = blocks_[stage]->forward(x);
  return stage + 1 < blocks_.size() ? map
                                    : map.reshape({map.size(0), -1, 1, 1});
}

}  // namespace likeness
