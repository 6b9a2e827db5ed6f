// The networks that bundles may name: trunks that turn pixels into a feature
// map. One definition serves training and plain inference.
//
// Includes LibTorch: only for the .cc files of rooms that link it.
#ifndef LIKENESS_ENGINE_EMBED_NETWORK_H_
#define LIKENESS_ENGINE_EMBED_NETWORK_H_

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/safetensors.h"

namespace likeness {

// A row of stages, one after the other.
class Network : public torch::nn::Module {
 public:
  // pixels: [N, channels(), side, side], scaled as the bundle says. Returns
  // [N, features(), h, w]; a network without a map of its own has h = w = 1.
  at::Tensor forward(at::Tensor pixels);

  virtual int64_t features() const = 0;
  virtual int64_t channels() const = 0;  // 1 (luma) or 3.

  virtual size_t num_stages() const = 0;
  virtual at::Tensor RunStage(size_t stage, const at::Tensor& x) = 0;
  virtual torch::nn::Module& stage(size_t stage) = 0;

  // Puts batch norms with fixed statistics into the layers before them: the
  // same function, with fewer steps. Does nothing where that is not worth it.
  virtual void Fold() {}

  // Copies every parameter and buffer from the tensor of the same name, folding
  // first when the weights were folded before they were stored. DATA_LOSS
  // (reason CORRUPT_DATA) names one that is missing or has another shape.
  absl::Status LoadWeights(const SafeTensors& weights);
};

// The network called `architecture` for pictures of `side` x `side` pixels,
// with random weights. UNIMPLEMENTED lists the names there are;
// INVALID_ARGUMENT names a side that does not suit the network.
absl::StatusOr<std::shared_ptr<Network>> MakeNetwork(
    absl::string_view architecture, int side);

// The names that MakeNetwork knows.
std::vector<std::string> NetworkNames();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_NETWORK_H_
