#include "engine/train/siamese_net.h"

#include <ATen/ATen.h>

#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/embed/head.h"

namespace likeness {
namespace {

void AddTrainable(const std::string& prefix, const torch::nn::Module& module,
                  std::vector<NamedParameter>& parameters) {
  for (const auto& parameter : module.named_parameters()) {
    if (!parameter.value().requires_grad()) continue;
    parameters.push_back(
        {absl::StrCat(prefix, parameter.key()), parameter.value()});
  }
}

TensorBytes ToHalf(const at::Tensor& tensor) {
  return ToBytes(tensor.to(at::kHalf), "F16");
}

// Statistics of norms may be too large or too small for 16 bits.
TensorBytes ToFloat(const at::Tensor& tensor) {
  return ToBytes(tensor.to(at::kFloat), "F32");
}

}  // namespace

TrainedHead::TrainedHead(const HeadSpec& spec, int64_t features) : spec_(spec) {
  projection_ = register_module("projection",
                                torch::nn::Linear(features, spec.dimensions));
  neck_ = register_module(
      "neck",
      torch::nn::BatchNorm1d(torch::nn::BatchNorm1dOptions(spec.dimensions)
                                 .eps(1e-5)
                                 .momentum(0.05)));
}

at::Tensor TrainedHead::Pooled(const at::Tensor& map) const {
  const at::Tensor pooled = Pool(map, spec_);
  return spec_.normalize_pooled ? ToUnitLength(pooled) : pooled;
}

at::Tensor TrainedHead::forward(const at::Tensor& map) {
  return ToUnitLength(neck_->forward(projection_->forward(Pooled(map))));
}

void TrainedHead::InitialiseWithPrincipalComponents(const at::Tensor& pooled) {
  const at::NoGradGuard no_grad;
  const at::Tensor rows = pooled.to(at::kDouble);
  const at::Tensor mean = rows.mean(0);
  const at::Tensor centred = rows - mean;
  // Eigenvalues come in rising order.
  const at::Tensor vectors =
      std::get<1>(at::linalg_eigh(centred.t().mm(centred)));
  const at::Tensor components =
      vectors.t().flip({0}).slice(0, 0, static_cast<int64_t>(spec_.dimensions));
  projection_->weight.copy_(components);
  projection_->bias.copy_(-components.mv(mean));
}

void TrainedHead::AddTensors(
    std::map<std::string, TensorBytes>& tensors) const {
  const at::NoGradGuard no_grad;
  const at::Tensor scale =
      neck_->weight.to(at::kDouble) *
      at::rsqrt(neck_->running_var.to(at::kDouble) + neck_->options.eps());
  const at::Tensor weight =
      projection_->weight.to(at::kDouble) * scale.unsqueeze(1);
  const at::Tensor bias =
      (projection_->bias.to(at::kDouble) - neck_->running_mean) * scale +
      neck_->bias;
  tensors[absl::StrCat(spec_.projection, ".weight")] = ToHalf(weight);
  tensors[absl::StrCat(spec_.projection, ".bias")] = ToHalf(bias);
}

SiameseNet::SiameseNet(std::shared_ptr<Network> network,
                       const PerSpace<HeadSpec>& heads, size_t frozen_stages,
                       bool live_norms)
    : frozen_stages_(frozen_stages),
      live_norms_(live_norms),
      network_(std::move(network)) {
  if (!live_norms_) network_->Fold();
  register_module("network", network_);
  for (size_t i = 0; i < frozen_stages_; ++i) {
    for (at::Tensor& parameter : network_->stage(i).parameters()) {
      parameter.set_requires_grad(false);
    }
  }
  for (const Space space : kAllSpaces) {
    heads_[space] = register_module(
        absl::StrCat("head_", SpaceName(space)),
        std::make_shared<TrainedHead>(heads[space], network_->features()));
  }
  eval();
}

at::Tensor SiameseNet::RunFrozen(const at::Tensor& pixels) {
  const at::NoGradGuard no_grad;
  at::Tensor x = pixels;
  for (size_t i = 0; i < frozen_stages_; ++i) x = network_->RunStage(i, x);
  return x;
}

SiameseNet::Output SiameseNet::Run(const at::Tensor& frozen_output) {
  at::Tensor map = frozen_output;
  for (size_t i = frozen_stages_; i < network_->num_stages(); ++i) {
    map = network_->RunStage(i, map);
  }
  Output output;
  output.features = map.mean({2, 3});
  for (const Space space : kAllSpaces) {
    output.vectors[space] = heads_[space]->forward(map);
  }
  return output;
}

std::vector<NamedParameter> SiameseNet::TrunkParameters() const {
  std::vector<NamedParameter> parameters;
  AddTrainable("network.", *network_, parameters);
  return parameters;
}

std::vector<NamedParameter> SiameseNet::HeadParameters() const {
  std::vector<NamedParameter> parameters;
  for (const Space space : kAllSpaces) {
    AddTrainable(absl::StrCat("head_", SpaceName(space), "."), *heads_[space],
                 parameters);
  }
  return parameters;
}

std::vector<NamedParameter> SiameseNet::Parameters() const {
  std::vector<NamedParameter> parameters = TrunkParameters();
  for (NamedParameter& parameter : HeadParameters()) {
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

void SiameseNet::BeginTraining() {
  train(live_norms_);
  for (size_t i = 0; i < frozen_stages_; ++i) network_->stage(i).eval();
}

void SiameseNet::CopyFrom(const SiameseNet& other) {
  const at::NoGradGuard no_grad;
  const auto copy = [](const auto& from, const auto& to) {
    for (const auto& item : to) item.value().copy_(from[item.key()]);
  };
  copy(other.named_parameters(), named_parameters());
  copy(other.named_buffers(), named_buffers());
}

std::map<std::string, TensorBytes> SiameseNet::Export() const {
  std::map<std::string, TensorBytes> tensors;
  for (const auto& parameter : network_->named_parameters()) {
    tensors[parameter.key()] = ToHalf(parameter.value());
  }
  for (const auto& buffer : network_->named_buffers()) {
    if (absl::EndsWith(buffer.key(), "num_batches_tracked")) continue;
    tensors[buffer.key()] = ToFloat(buffer.value());
  }
  for (const Space space : kAllSpaces) heads_[space]->AddTensors(tensors);
  return tensors;
}

}  // namespace likeness
