#include "engine/embed/classifier.h"

#include <ATen/ATen.h>

#include <memory>

#include "engine/core/status_macros.h"
#include "engine/embed/efficientnet_lite.h"
#include "engine/embed/one_thread.h"
#include "engine/embed/torch_error.h"
#include "engine/embed/trunk.h"

namespace likeness {
namespace {

absl::StatusOr<std::vector<std::vector<float>>> Run(
    const ModelBundle& bundle, const TorchEmbedderOptions& options,
    absl::Span<const NetworkInput> batch) {
  const at::InferenceMode inference;
  const ScopedOneThread one_thread;
  ASSIGN_OR_RETURN(const TensorView shape,
                   bundle.weights.Get("classifier.weight"));
  const int64_t classes = shape.shape.empty() ? 0 : shape.shape.front();
  ASSIGN_OR_RETURN(
      std::vector<float> weight,
      bundle.weights.GetFloats("classifier.weight", {classes, kLite0Features}));
  ASSIGN_OR_RETURN(std::vector<float> bias,
                   bundle.weights.GetFloats("classifier.bias", {classes}));
  ASSIGN_OR_RETURN(const std::shared_ptr<Network> network, LoadNetwork(bundle));
  const std::unique_ptr<Trunk> trunk = MakeTrunk(
      network, bundle,
      options.precision == Precision::kBfloat16 ? at::kBFloat16 : at::kFloat,
      options.fused_kernels);
  const at::Tensor logits =
      at::linear(trunk->Forward(batch).mean({2, 3}),
                 at::from_blob(weight.data(), {classes, kLite0Features}),
                 at::from_blob(bias.data(), {classes}))
          .contiguous();
  std::vector<std::vector<float>> rows;
  const float* row = logits.const_data_ptr<float>();
  for (size_t i = 0; i < batch.size(); ++i, row += classes) {
    rows.emplace_back(row, row + classes);
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::vector<std::vector<float>>> ComputeLogits(
    const ModelBundle& bundle, const TorchEmbedderOptions& options,
    absl::Span<const NetworkInput> batch) {
  if (batch.empty()) return std::vector<std::vector<float>>();
  return CatchTorch([&] { return Run(bundle, options, batch); });
}

}  // namespace likeness
