// The trunk in oneDNN's fused operators, reached through LibTorch's dispatcher:
// mkldnn::_reorder_convolution_weight brings a weight into the layout that the
// kernel for one input shape wants, mkldnn::_convolution_pointwise adds bias
// and ReLU6 (a "hardtanh" of 0 and 6) or the skip connection while the result
// is still in registers. They are called boxed, so that a LibTorch with other
// C++ signatures still works.
//
// TensorFlow's "same" padding is asymmetric at stride 2: for an even input the
// odd pixel goes to the right and bottom, which oneDNN through LibTorch can't
// express, and padding by hand costs a copy of the largest maps. Here the whole
// network is rotated by 180 degrees instead: every kernel flipped, the pixels
// read backwards. Then the odd pixel goes to the left and top, and symmetric
// padding does just that, since its right and bottom are never reached at an
// even size. All pooling is blind to the rotation.
#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include <optional>
#include <utility>
#include <vector>

#include "engine/embed/trunk.h"

namespace likeness {
namespace {

using Stack = torch::jit::Stack;

// Batches that a network is prepared for; others are put together from these.
// Each costs the memory of its own weights, 14 MB in float32.
constexpr size_t kBatchSizes[] = {4, 2, 1};

struct Operators {
  c10::OperatorHandle reorder;
  c10::OperatorHandle convolve;
  c10::OperatorHandle convolve_and_add;
};

std::optional<Operators> FindOperators() {
  auto& dispatcher = c10::Dispatcher::singleton();
  auto reorder =
      dispatcher.findSchema({"mkldnn::_reorder_convolution_weight", ""});
  auto convolve = dispatcher.findSchema({"mkldnn::_convolution_pointwise", ""});
  auto add =
      dispatcher.findSchema({"mkldnn::_convolution_pointwise", "binary"});
  if (!reorder || !convolve || !add) return std::nullopt;
  return Operators{*reorder, *convolve, *add};
}

// oneDNN runs float32 everywhere, bfloat16 not: LibTorch tells where, by the
// very check that its operators make.
bool CanRun(at::ScalarType dtype) {
  if (dtype != at::kBFloat16) return true;
  const auto asks = c10::Dispatcher::singleton().findSchema(
      {"mkldnn::_is_mkldnn_bf16_supported", ""});
  if (!asks) return false;
  Stack stack;
  asks->callBoxed(&stack);
  return stack.front().toBool();
}

at::Tensor Call(const c10::OperatorHandle& op, Stack stack) {
  op.callBoxed(&stack);
  return std::move(stack.front()).toTensor();
}

// A convolution, ready to run: the operator's arguments with a hole for the
// input (and for the addend of a skip connection).
class FusedConv {
 public:
  // `input`: shape of the input, [N, C, H, W].
  FusedConv(const ConvNorm& layer, bool adds_skip, const Operators& operators,
            at::IntArrayRef input, at::ScalarType dtype)
      : op_(adds_skip ? operators.convolve_and_add : operators.convolve) {
    const ConvSpec& spec = layer->spec();
    const std::vector<int64_t> padding(2, (spec.kernel - 1) / 2);
    const std::vector<int64_t> stride(2, spec.stride);
    const std::vector<int64_t> dilation(2, 1);
    const at::Tensor rotated = at::flip(layer->weight(), {2, 3}).to(dtype);
    const at::Tensor weight =
        Call(operators.reorder,
             {rotated, padding, stride, dilation, spec.groups, input.vec()});
    const at::Tensor bias = layer->bias().to(dtype);
    c10::List<std::optional<at::Scalar>> scalars;
    if (adds_skip) {
      // X, other, W, B, ..., binary, alpha, unary, scalars, algorithm.
      arguments_ = {c10::IValue(), c10::IValue(), weight,        bias,
                    padding,       stride,        dilation,      spec.groups,
                    "add",         at::Scalar(1), c10::IValue(), scalars,
                    c10::IValue()};
      return;
    }
    if (spec.relu6) {
      scalars.push_back(at::Scalar(0));
      scalars.push_back(at::Scalar(6));
    }
    // X, W, B, ..., attribute, scalars, algorithm.
    arguments_ = {c10::IValue(), weight,
                  bias,          padding,
                  stride,        dilation,
                  spec.groups,   spec.relu6 ? "hardtanh" : "none",
                  scalars,       spec.relu6 ? c10::IValue("") : c10::IValue()};
  }

  at::Tensor Run(const at::Tensor& x) const {
    Stack stack = arguments_;
    stack[0] = x;
    return Call(op_, std::move(stack));
  }
  at::Tensor Run(const at::Tensor& x, const at::Tensor& addend) const {
    Stack stack = arguments_;
    stack[0] = x;
    stack[1] = addend;
    return Call(op_, std::move(stack));
  }

 private:
  c10::OperatorHandle op_;
  Stack arguments_;
};

struct FusedBlock {
  std::vector<FusedConv> layers;
  bool has_skip = false;
};

// The network for one batch size.
class FusedNetwork {
 public:
  FusedNetwork(const EfficientNetLite0Impl& network, const Operators& operators,
               int64_t batch, int64_t side, at::ScalarType dtype) {
    std::vector<int64_t> shape = {batch, 3, side, side};
    const auto prepare = [&](const ConvNorm& layer, bool adds_skip) {
      FusedConv conv(layer, adds_skip, operators, shape, dtype);
      const ConvSpec& spec = layer->spec();
      shape = {batch, spec.out, shape[2] / spec.stride, shape[3] / spec.stride};
      return conv;
    };
    outer_.push_back(prepare(network.stem(), false));
    for (const InvertedResidual& block : network.blocks()) {
      FusedBlock& fused = blocks_.emplace_back();
      fused.has_skip = block->has_skip();
      const std::vector<ConvNorm> layers = block->layers();
      for (size_t i = 0; i < layers.size(); ++i) {
        fused.layers.push_back(
            prepare(layers[i], fused.has_skip && i + 1 == layers.size()));
      }
    }
    outer_.push_back(prepare(network.top(), false));
  }

  at::Tensor Run(at::Tensor x) const {
    x = outer_.front().Run(x);
    for (const FusedBlock& block : blocks_) {
      at::Tensor y = x;
      for (size_t i = 0; i + 1 < block.layers.size(); ++i) {
        y = block.layers[i].Run(y);
      }
      const FusedConv& last = block.layers.back();
      x = block.has_skip ? last.Run(y, x) : last.Run(y);
    }
    return outer_.back().Run(x);
  }

 private:
  std::vector<FusedConv> outer_;  // Stem, top.
  std::vector<FusedBlock> blocks_;
};

class FusedTrunk : public Trunk {
 public:
  FusedTrunk(const EfficientNetLite0Impl& network, const Operators& operators,
             const PixelScaling& scaling, at::ScalarType dtype)
      : scaling_(scaling), dtype_(dtype) {
    for (const size_t size : kBatchSizes) {
      networks_.push_back(
          {size, FusedNetwork(network, operators, static_cast<int64_t>(size),
                              scaling.side, dtype)});
    }
  }

  at::Tensor Forward(absl::Span<const NetworkInput> batch) const override {
    std::vector<at::Tensor> maps;
    for (const Prepared& prepared : networks_) {
      for (; batch.size() >= prepared.size;
           batch.remove_prefix(prepared.size)) {
        const at::Tensor pixels = PixelsToTensor(
            batch.first(prepared.size), scaling_, PixelOrder::kRotated);
        maps.push_back(prepared.network.Run(pixels.to(dtype_)).to(at::kFloat));
      }
    }
    return maps.size() == 1 ? maps.front() : at::cat(maps);
  }

 private:
  struct Prepared {
    size_t size;
    FusedNetwork network;
  };

  const PixelScaling scaling_;
  const at::ScalarType dtype_;
  std::vector<Prepared> networks_;  // By falling size, down to 1.
};

}  // namespace

std::unique_ptr<Trunk> MakeFusedTrunk(const EfficientNetLite0Impl& network,
                                      const PixelScaling& scaling,
                                      at::ScalarType dtype) {
  const std::optional<Operators> operators = FindOperators();
  if (!operators.has_value() || !CanRun(dtype)) return nullptr;
  // Whatever fails from here on is a fault, not a missing feature: falling back
  // to the plain path would hide it behind a slower program.
  return std::make_unique<FusedTrunk>(network, *operators, scaling, dtype);
}

}  // namespace likeness
