// The network in training: one trunk, a head for each space. Its branches are
// this one object applied to several pictures, so their weights can't differ.
//
// Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_SIAMESE_NET_H_
#define LIKENESS_ENGINE_TRAIN_SIAMESE_NET_H_

#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/safetensors_writer.h"
#include "engine/core/space.h"
#include "engine/embed/model_bundle.h"
#include "engine/embed/network.h"
#include "engine/train/named_tensors.h"

namespace likeness {

// Pooling, unit length where the head asks for it, linear projection, batch
// norm ("neck", Luo et al. 2019), unit length.
class TrainedHead : public torch::nn::Module {
 public:
  // The projection is random, the neck the identity.
  TrainedHead(const HeadSpec& spec, int64_t features);

  // [N, features, h, w] to [N, dimensions] of unit length.
  at::Tensor forward(const at::Tensor& map);

  // What the projection is given: [N, features].
  at::Tensor Pooled(const at::Tensor& map) const;

  // Sets the projection to the first principal components of `pooled` (float
  // [M, features], M > dimensions), centred: the vectors begin as near to the
  // pooled features as their dimensions allow.
  void InitialiseWithPrincipalComponents(const at::Tensor& pooled);

  // The neck folded into the projection, as HeadSpec::projection names it.
  void AddTensors(std::map<std::string, TensorBytes>& tensors) const;

  const HeadSpec& spec() const { return spec_; }

 private:
  const HeadSpec spec_;
  torch::nn::Linear projection_ = nullptr;
  torch::nn::BatchNorm1d neck_ = nullptr;
};

class SiameseNet : public torch::nn::Module {
 public:
  struct Output {
    PerSpace<at::Tensor> vectors;  // [N, dimensions] of unit length.
    at::Tensor features;           // [N, features], the map's mean.
  };

  // `network` is shared with nobody. Its first `frozen_stages` never change.
  // `live_norms`: batch norms take their statistics from the batch; otherwise
  // they are folded into the layers before them and trained as a part of these.
  SiameseNet(std::shared_ptr<Network> network, const PerSpace<HeadSpec>& heads,
             size_t frozen_stages, bool live_norms);

  // pixels [N, channels, side, side] to what the frozen stages make of them.
  at::Tensor RunFrozen(const at::Tensor& pixels);
  // The rest of the way.
  Output Run(const at::Tensor& frozen_output);

  // Live norms learn their statistics between BeginTraining and EndTraining
  // only.
  void BeginTraining();
  void EndTraining() { eval(); }

  // Parameters that training changes, in a fixed order; Parameters has both,
  // the trunk's first.
  std::vector<NamedParameter> TrunkParameters() const;
  std::vector<NamedParameter> HeadParameters() const;
  std::vector<NamedParameter> Parameters() const;

  TrainedHead& head(Space space) { return *heads_[space]; }
  Network& network() { return *network_; }

  // Takes the weights of `other`, which is built alike.
  void CopyFrom(const SiameseNet& other);

  // The tensors of a bundle: parameters in 16-bit floats, statistics in 32-bit.
  std::map<std::string, TensorBytes> Export() const;

 private:
  const size_t frozen_stages_;
  const bool live_norms_;
  std::shared_ptr<Network> network_;
  PerSpace<std::shared_ptr<TrainedHead>> heads_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_SIAMESE_NET_H_
