#include "engine/embed/trunk.h"

#include <ATen/ATen.h>

#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

absl::Status CorruptWeights(absl::string_view message) {
  return WithReason(
      absl::DataLossError(absl::StrCat("model bundle: ", message)),
      kReasonCorruptData);
}

// A tensor that nothing reads means that the bundle was made for another
// network, however well the rest fits.
absl::Status CheckNoStrangers(const ModelBundle& bundle,
                              const Network& network) {
  std::set<std::string> known;
  for (const auto& parameter : network.named_parameters()) {
    known.insert(parameter.key());
  }
  for (const auto& buffer : network.named_buffers()) known.insert(buffer.key());
  for (const Space space : kAllSpaces) {
    const std::string& projection = bundle.heads[space].projection;
    if (projection.empty()) continue;
    known.insert(absl::StrCat(projection, ".weight"));
    known.insert(absl::StrCat(projection, ".bias"));
  }
  for (const std::string& name : bundle.weights.names()) {
    // The classifier that the trunk was trained with may stay beside it.
    if (known.contains(name) || absl::StartsWith(name, "classifier.")) continue;
    return CorruptWeights(absl::StrCat(
        "tensor \"", name, "\" belongs to nothing in ", bundle.architecture));
  }
  return absl::OkStatus();
}

class PlainTrunk : public Trunk {
 public:
  PlainTrunk(std::shared_ptr<Network> network, const PixelScaling& scaling,
             at::ScalarType dtype)
      : network_(std::move(network)), scaling_(scaling), dtype_(dtype) {
    network_->to(dtype_);
    for (at::Tensor& parameter : network_->parameters()) {
      if (parameter.dim() != 4) continue;
      parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
    }
  }

  at::Tensor Forward(absl::Span<const NetworkInput> batch) const override {
    return network_
        ->forward(
            PixelsToTensor(batch, scaling_, PixelOrder::kUpright).to(dtype_))
        .to(at::kFloat);
  }

 private:
  // Running it changes nothing in it: thread-safe without a lock.
  const std::shared_ptr<Network> network_;
  const PixelScaling scaling_;
  const at::ScalarType dtype_;
};

}  // namespace

void WritePixels(const Image& picture, const PixelScaling& scaling,
                 PixelOrder order, float* out) {
  const int64_t pixels = int64_t{scaling.side} * scaling.side;
  const uint8_t* in = picture.data();
  const auto scaled = [&](float value) {
    return (value - scaling.mean) / scaling.scale;
  };
  const auto upright_index = [&](int64_t i) {
    return order == PixelOrder::kUpright ? i : pixels - 1 - i;
  };
  if (scaling.channels == 1) {
    for (int64_t i = 0; i < pixels; ++i) {
      const uint8_t* pixel = in + 3 * upright_index(i);
      out[i] = scaled(0.299F * static_cast<float>(pixel[0]) +
                      0.587F * static_cast<float>(pixel[1]) +
                      0.114F * static_cast<float>(pixel[2]));
    }
  } else if (order == PixelOrder::kUpright) {
    // One flat loop: compilers make vectors of it.
    for (int64_t i = 0; i < 3 * pixels; ++i) {
      out[i] = scaled(static_cast<float>(in[i]));
    }
  } else {
    for (int64_t i = 0; i < pixels; ++i) {
      const uint8_t* pixel = in + 3 * upright_index(i);
      for (int64_t c = 0; c < 3; ++c) {
        out[3 * i + c] = scaled(static_cast<float>(pixel[c]));
      }
    }
  }
}

at::Tensor PixelsToTensor(absl::Span<const NetworkInput> batch,
                          const PixelScaling& scaling, PixelOrder order) {
  at::Tensor tensor =
      at::empty({static_cast<int64_t>(batch.size()), scaling.channels,
                 scaling.side, scaling.side},
                at::TensorOptions()
                    .dtype(at::kFloat)
                    .memory_format(at::MemoryFormat::ChannelsLast));
  float* out = tensor.mutable_data_ptr<float>();
  for (const NetworkInput& input : batch) {
    WritePixels(input.pixels, scaling, order, out);
    out += scaling.channels * scaling.side * scaling.side;
  }
  return tensor;
}

std::unique_ptr<Trunk> MakePlainTrunk(std::shared_ptr<Network> network,
                                      const PixelScaling& scaling,
                                      at::ScalarType dtype) {
  return std::make_unique<PlainTrunk>(std::move(network), scaling, dtype);
}

absl::StatusOr<std::shared_ptr<Network>> LoadNetwork(
    const ModelBundle& bundle) {
  auto network = MakeNetwork(bundle.architecture, bundle.input_side);
  if (absl::IsInvalidArgument(network.status())) {
    return CorruptWeights(network.status().message());
  }
  if (!network.ok()) return WithContext(network.status(), "model bundle");
  RETURN_IF_ERROR((*network)->LoadWeights(bundle.weights));
  RETURN_IF_ERROR(CheckNoStrangers(bundle, **network));
  return network;
}

std::unique_ptr<Trunk> MakeTrunk(const std::shared_ptr<Network>& network,
                                 const ModelBundle& bundle,
                                 at::ScalarType dtype, bool fused_kernels) {
  const PixelScaling scaling{bundle.input_side, network->channels(),
                             bundle.pixel_mean, bundle.pixel_scale};
  network->eval();
  network->Fold();
  const auto* lite = dynamic_cast<const EfficientNetLite0Impl*>(network.get());
  if (fused_kernels && lite != nullptr) {
    auto fused = MakeFusedTrunk(*lite, scaling, dtype);
    if (fused != nullptr) return fused;
  }
  return MakePlainTrunk(network, scaling, dtype);
}

}  // namespace likeness
