// Four blocks of 3x3 convolution (64 channels), batch norm, ReLU and 2x2
// maximum pooling: the embedding network of Vinyals et al. 2016 ("Matching
// networks"), for small pictures of one channel. Its map is flattened, so that
// places are told apart.
//
// Includes LibTorch: only for the .cc files of rooms that link it.
#ifndef LIKENESS_ENGINE_EMBED_CONV4_H_
#define LIKENESS_ENGINE_EMBED_CONV4_H_

#include <torch/nn/modules/container/sequential.h>

#include <vector>

#include "engine/embed/network.h"

namespace likeness {

inline constexpr int64_t kConvBlockChannels = 64;

// One of them: [N, in, S, S] to [N, 64, S / 2, S / 2].
torch::nn::Sequential MakeConvBlock(int64_t in);

class Conv4Impl : public Network {
 public:
  explicit Conv4Impl(int side);  // A multiple of 16.

  int64_t features() const override { return features_; }
  int64_t channels() const override { return 1; }
  size_t num_stages() const override { return blocks_.size(); }
  at::Tensor RunStage(size_t stage, const at::Tensor& x) override;
  torch::nn::Module& stage(size_t stage) override { return *blocks_[stage]; }

 private:
  const int64_t features_;
  std::vector<torch::nn::Sequential> blocks_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_CONV4_H_
