// EfficientNet-Lite0 (Tan and Le 2019, "EfficientNet", with the Lite changes of
// TensorFlow's efficientnet/lite: ReLU6, no squeeze-excite, stem and top not
// scaled). The trunk alone: pixels to the last feature map.
//
// Includes LibTorch: only for the .cc files of rooms that link it.
#ifndef LIKENESS_ENGINE_EMBED_EFFICIENTNET_LITE_H_
#define LIKENESS_ENGINE_EMBED_EFFICIENTNET_LITE_H_

#include <ATen/ATen.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <vector>

#include "engine/embed/network.h"

namespace likeness {

inline constexpr int64_t kLite0Features = 1280;  // Channels of the last map.

// One convolution of the network, with "same" padding in TensorFlow's sense:
// the output has ceil(input / stride) pixels and an odd pixel of padding goes
// to the right and the bottom.
struct ConvSpec {
  int64_t in = 0;
  int64_t out = 0;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t groups = 1;
  bool relu6 = true;
};

// Convolution without bias, batch norm (eps 1e-3), ReLU6 where asked for.
class ConvNormImpl : public torch::nn::Module {
 public:
  explicit ConvNormImpl(const ConvSpec& spec);

  at::Tensor forward(at::Tensor x);

  // Puts the batch norm's running statistics into the convolution's weight and
  // bias: the same function of x, without the norm.
  void Fold();

  const ConvSpec& spec() const { return spec_; }
  const at::Tensor& weight() const { return conv_->weight; }
  const at::Tensor& bias() const { return conv_->bias; }  // After Fold.

 private:
  const ConvSpec spec_;
  torch::nn::Conv2d conv_ = nullptr;
  torch::nn::BatchNorm2d norm_ = nullptr;  // Null after Fold.
};
TORCH_MODULE(ConvNorm);

// Inverted residual: 1x1 expansion (not in the first block), depthwise
// convolution, linear 1x1 projection, and the input added where shapes allow.
class InvertedResidualImpl : public torch::nn::Module {
 public:
  InvertedResidualImpl(int64_t in, int64_t out, int64_t expansion,
                       int64_t kernel, int64_t stride);

  at::Tensor forward(const at::Tensor& x);

  // In the order of execution.
  std::vector<ConvNorm> layers() const;
  bool has_skip() const { return has_skip_; }

 private:
  const bool has_skip_;
  ConvNorm expand_ = nullptr;
  ConvNorm depthwise_ = nullptr;
  ConvNorm project_ = nullptr;
};
TORCH_MODULE(InvertedResidual);

// Stages: the stem, the sixteen blocks, the top convolution. The map is in
// 0..6.
class EfficientNetLite0Impl : public Network {
 public:
  explicit EfficientNetLite0Impl(int side);  // A multiple of 32.

  int64_t features() const override { return kLite0Features; }
  int64_t channels() const override { return 3; }
  size_t num_stages() const override { return blocks_.size() + 2; }
  at::Tensor RunStage(size_t stage, const at::Tensor& x) override;
  torch::nn::Module& stage(size_t stage) override;

  // Folds every batch norm.
  void Fold() override;

  const ConvNorm& stem() const { return stem_; }
  const std::vector<InvertedResidual>& blocks() const { return blocks_; }
  const ConvNorm& top() const { return top_; }

 private:
  ConvNorm stem_ = nullptr;
  std::vector<InvertedResidual> blocks_;
  ConvNorm top_ = nullptr;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_EFFICIENTNET_LITE_H_
