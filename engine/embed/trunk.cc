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
                              const EfficientNetLite0Impl& network) {
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
  PlainTrunk(EfficientNetLite0 network, const PixelScaling& scaling,
             at::ScalarType dtype)
      : network_(network.ptr()), scaling_(scaling), dtype_(dtype) {
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
  const std::shared_ptr<EfficientNetLite0Impl> network_;
  const PixelScaling scaling_;
  const at::ScalarType dtype_;
};

}  // namespace

at::Tensor PixelsToTensor(absl::Span<const NetworkInput> batch,
                          const PixelScaling& scaling, PixelOrder order) {
  const int64_t side = scaling.side;
  at::Tensor tensor =
      at::empty({static_cast<int64_t>(batch.size()), 3, side, side},
                at::TensorOptions()
                    .dtype(at::kFloat)
                    .memory_format(at::MemoryFormat::ChannelsLast));
  float* out = tensor.mutable_data_ptr<float>();
  const int64_t values = side * side * 3;
  for (const NetworkInput& input : batch) {
    const uint8_t* in = input.pixels.data();
    if (order == PixelOrder::kUpright) {
      for (int64_t i = 0; i < values; ++i) {
        out[i] = (static_cast<float>(in[i]) - scaling.mean) / scaling.scale;
      }
    } else {
      for (int64_t i = 0; i < values; i += 3) {
        const uint8_t* pixel = in + (values - 3 - i);
        for (int64_t c = 0; c < 3; ++c) {
          out[i + c] =
              (static_cast<float>(pixel[c]) - scaling.mean) / scaling.scale;
        }
      }
    }
    out += values;
  }
  return tensor;
}

std::unique_ptr<Trunk> MakePlainTrunk(EfficientNetLite0 network,
                                      const PixelScaling& scaling,
                                      at::ScalarType dtype) {
  return std::make_unique<PlainTrunk>(std::move(network), scaling, dtype);
}

absl::StatusOr<std::unique_ptr<Trunk>> MakeTrunk(const ModelBundle& bundle,
                                                 at::ScalarType dtype,
                                                 bool fused_kernels) {
  if (bundle.architecture != "efficientnet_lite0") {
    return absl::UnimplementedError(
        absl::StrCat("model bundle: architecture \"", bundle.architecture,
                     "\"; this program runs efficientnet_lite0"));
  }
  if (bundle.input_side % kLite0Stride != 0) {
    return CorruptWeights(absl::StrCat("input_side ", bundle.input_side,
                                       " is no multiple of ", kLite0Stride));
  }
  EfficientNetLite0 network;
  RETURN_IF_ERROR(network->LoadWeights(bundle.weights));
  RETURN_IF_ERROR(CheckNoStrangers(bundle, *network));
  network->Fold();

  const PixelScaling scaling{bundle.input_side, bundle.pixel_mean,
                             bundle.pixel_scale};
  if (fused_kernels) {
    auto fused = MakeFusedTrunk(network, scaling, dtype);
    if (fused != nullptr) return fused;
  }
  return MakePlainTrunk(std::move(network), scaling, dtype);
}

}  // namespace likeness
