#include "engine/embed/efficientnet_lite.h"

#include <algorithm>

namespace likeness {
namespace {

constexpr double kNormEpsilon = 1e-3;

// A row of the paper's table: `repeats` blocks, the stride in the first alone.
struct Stage {
  int64_t repeats;
  int64_t kernel;
  int64_t stride;
  int64_t expansion;
  int64_t out;
};
constexpr int64_t kStemChannels = 32;
constexpr Stage kStages[] = {
    {1, 3, 1, 1, 16},  {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40},  {3, 3, 2, 6, 80},
    {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192}, {1, 3, 1, 6, 320},
};

torch::nn::Conv2d MakeConv(const ConvSpec& spec, bool bias) {
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(spec.in, spec.out, spec.kernel)
          .stride(spec.stride)
          .groups(spec.groups)
          .bias(bias));
}

// Zeros around x so that a convolution without padding is TensorFlow's "same".
at::Tensor PadSame(const at::Tensor& x, int64_t kernel, int64_t stride) {
  const auto total = [&](int64_t side) {
    const int64_t outputs = (side + stride - 1) / stride;
    return std::max<int64_t>((outputs - 1) * stride + kernel - side, 0);
  };
  const int64_t rows = total(x.size(2));
  const int64_t columns = total(x.size(3));
  if (rows == 0 && columns == 0) return x;
  return at::constant_pad_nd(
      x, {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2});
}

}  // namespace

ConvNormImpl::ConvNormImpl(const ConvSpec& spec) : spec_(spec) {
  conv_ = register_module("conv", MakeConv(spec, /*bias=*/false));
  norm_ = register_module(
      "norm", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(spec.out)
                                         .eps(kNormEpsilon)
                                         .momentum(0.01)));
}

at::Tensor ConvNormImpl::forward(at::Tensor x) {
  x = conv_->forward(PadSame(x, spec_.kernel, spec_.stride));
  if (norm_) x = norm_->forward(x);
  return spec_.relu6 ? at::hardtanh_(x, 0, 6) : x;
}

void ConvNormImpl::Fold() {
  if (!norm_) return;
  // norm(y) = (y - mean) * scale + bias with scale = weight / sqrt(var + eps).
  // In double: the folded network has to stay within 1e-3 of the original.
  const at::NoGradGuard no_grad;
  const at::Tensor scale =
      norm_->weight.to(at::kDouble) *
      at::rsqrt(norm_->running_var.to(at::kDouble) + kNormEpsilon);
  const at::Tensor weight =
      conv_->weight.to(at::kDouble) * scale.reshape({-1, 1, 1, 1});
  const at::Tensor bias =
      norm_->bias.to(at::kDouble) - norm_->running_mean.to(at::kDouble) * scale;
  conv_ = replace_module("conv", MakeConv(spec_, /*bias=*/true));
  conv_->weight.copy_(weight);
  conv_->bias.copy_(bias);
  unregister_module("norm");
  norm_ = nullptr;
}

InvertedResidualImpl::InvertedResidualImpl(int64_t in, int64_t out,
                                           int64_t expansion, int64_t kernel,
                                           int64_t stride)
    : has_skip_(stride == 1 && in == out) {
  const int64_t wide = in * expansion;
  if (expansion != 1) {
    expand_ =
        register_module("expand", ConvNorm(ConvSpec{.in = in, .out = wide}));
  }
  depthwise_ = register_module("depthwise", ConvNorm(ConvSpec{.in = wide,
                                                              .out = wide,
                                                              .kernel = kernel,
                                                              .stride = stride,
                                                              .groups = wide}));
  project_ = register_module(
      "project", ConvNorm(ConvSpec{.in = wide, .out = out, .relu6 = false}));
}

at::Tensor InvertedResidualImpl::forward(const at::Tensor& x) {
  at::Tensor y = expand_ ? expand_->forward(x) : x;
  y = project_->forward(depthwise_->forward(y));
  return has_skip_ ? y + x : y;
}

std::vector<ConvNorm> InvertedResidualImpl::layers() const {
  if (!expand_) return {depthwise_, project_};
  return {expand_, depthwise_, project_};
}

EfficientNetLite0Impl::EfficientNetLite0Impl(int /*side*/) {
  stem_ = register_module(
      "stem", ConvNorm(ConvSpec{
                  .in = 3, .out = kStemChannels, .kernel = 3, .stride = 2}));
  torch::nn::ModuleList list =
      register_module("blocks", torch::nn::ModuleList());
  int64_t channels = kStemChannels;
  for (const Stage& stage : kStages) {
    for (int64_t i = 0; i < stage.repeats; ++i) {
      blocks_.emplace_back(channels, stage.out, stage.expansion, stage.kernel,
                           i == 0 ? stage.stride : 1);
      list->push_back(blocks_.back());
      channels = stage.out;
    }
  }
  top_ = register_module(
      "top", ConvNorm(ConvSpec{.in = channels, .out = kLite0Features}));
}

at::Tensor EfficientNetLite0Impl::RunStage(size_t stage, const at::Tensor& x) {
  if (stage == 0) return stem_->forward(x);
  if (stage <= blocks_.size()) return blocks_[stage - 1]->forward(x);
  return top_->forward(x);
}

torch::nn::Module& EfficientNetLite0Impl::stage(size_t stage) {
  if (stage == 0) return *stem_;
  if (stage <= blocks_.size()) return *blocks_[stage - 1];
  return *top_;
}

void EfficientNetLite0Impl::Fold() {
  stem_->Fold();
  for (const InvertedResidual& block : blocks_) {
    for (ConvNorm& layer : block->layers()) layer->Fold();
  }
  top_->Fold();
}

}  // namespace likeness
