#include "engine/embed/torch_embedder.h"

#include <ATen/ATen.h>

#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/embed/check_input.h"
#include "engine/embed/cpu_features.h"
#include "engine/embed/head.h"
#include "engine/embed/one_thread.h"
#include "engine/embed/precision.h"
#include "engine/embed/torch_error.h"
#include "engine/embed/trunk.h"

namespace likeness {
namespace {

class TorchEmbedder : public Embedder {
 public:
  TorchEmbedder(ModelInfo model, std::unique_ptr<Trunk> trunk,
                PerSpace<std::unique_ptr<Head>> heads)
      : model_(std::move(model)),
        trunk_(std::move(trunk)),
        heads_(std::move(heads)) {}

  const ModelInfo& model() const override { return model_; }

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    RETURN_IF_ERROR(CheckInputs(batch, model_));
    if (batch.empty()) return std::vector<Embedding>();
    return CatchTorch([&] { return Run(batch); });
  }

 private:
  absl::StatusOr<std::vector<Embedding>> Run(
      absl::Span<const NetworkInput> batch) const {
    const at::InferenceMode inference;
    const ScopedOneThread one_thread;
    const at::Tensor map = trunk_->Forward(batch);
    std::vector<Embedding> embeddings(batch.size());
    for (const Space space : kAllSpaces) {
      const at::Tensor vectors = heads_[space]->Apply(map);
      const auto dimensions = static_cast<size_t>(vectors.size(1));
      const float* row = vectors.const_data_ptr<float>();
      for (Embedding& embedding : embeddings) {
        embedding.vectors[space].assign(row, row + dimensions);
        row += dimensions;
        // A feature map of zeros has no direction: the division gave NaN.
        if (!std::isfinite(embedding.vectors[space].front())) {
          return absl::InternalError(
              absl::StrCat("the network of ", model_.name,
                           " gave no usable vector for a picture"));
        }
      }
    }
    for (size_t i = 0; i < batch.size(); ++i) {
      embeddings[i].hash = batch[i].hash;
    }
    return embeddings;
  }

  const ModelInfo model_;
  const std::unique_ptr<Trunk> trunk_;
  const PerSpace<std::unique_ptr<Head>> heads_;
};

absl::StatusOr<std::unique_ptr<Embedder>> Build(const ModelBundle& bundle,
                                                at::ScalarType dtype,
                                                bool fused_kernels) {
  const at::InferenceMode inference;
  // oneDNN lays weights out for the number of threads that it sees; another
  // number in the forward pass would make it reorder them there, every time.
  const ScopedOneThread one_thread;
  ModelInfo model{.id = bundle.id,
                  .name = bundle.name,
                  .dimensions = {},
                  .input_side = bundle.input_side,
                  .fit = bundle.fit,
                  .calibration = bundle.calibration};
  ASSIGN_OR_RETURN(const std::shared_ptr<Network> network, LoadNetwork(bundle));
  std::unique_ptr<Trunk> trunk =
      MakeTrunk(network, bundle, dtype, fused_kernels);
  PerSpace<std::unique_ptr<Head>> heads;
  for (const Space space : kAllSpaces) {
    const HeadSpec& spec = bundle.heads[space];
    ASSIGN_OR_RETURN(Head head,
                     Head::Make(spec, network->features(), bundle.weights));
    heads[space] = std::make_unique<Head>(std::move(head));
    model.dimensions[space] = spec.dimensions;
  }
  return std::make_unique<TorchEmbedder>(std::move(model), std::move(trunk),
                                         std::move(heads));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> MakeTorchEmbedder(
    const ModelBundle& bundle, const TorchEmbedderOptions& options) {
  const auto build = [&](at::ScalarType dtype) {
    return CatchTorch(
        [&] { return Build(bundle, dtype, options.fused_kernels); });
  };
  if (options.precision == Precision::kBfloat16) return build(at::kBFloat16);
  absl::StatusOr<std::unique_ptr<Embedder>> exact = build(at::kFloat);
  if (options.precision == Precision::kFloat32 || !exact.ok() ||
      !CpuHasBfloat16()) {
    return exact;
  }
  return FastIfProven(*std::move(exact), build(at::kBFloat16));
}

}  // namespace likeness
