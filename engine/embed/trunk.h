// Ways to run the network's trunk. Includes LibTorch: only for this folder's
// .cc files.
#ifndef LIKENESS_ENGINE_EMBED_TRUNK_H_
#define LIKENESS_ENGINE_EMBED_TRUNK_H_

#include <ATen/core/Tensor.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/embed/efficientnet_lite.h"
#include "engine/embed/model_bundle.h"
#include "engine/embed/network.h"
#include "engine/image/image.h"
#include "engine/image/prepare.h"

namespace likeness {

// From pixels to the last feature map. Thread-safe; runs on the calling thread
// alone. Throws what LibTorch throws.
class Trunk {
 public:
  virtual ~Trunk() = default;

  // float32 [N, features, h, w] for N >= 1 pictures, each of the bundle's input
  // side (not checked here). The order of the map's pixels is the trunk's own
  // business: pool over all of them.
  virtual at::Tensor Forward(absl::Span<const NetworkInput> batch) const = 0;
};

// How pixels become the network's numbers: (value - mean) / scale, where the
// value is a colour's, or the luma when there is one channel.
struct PixelScaling {
  int side = 0;
  int64_t channels = 3;
  float mean = 0;
  float scale = 1;
};

// The network of `bundle`, which says how many channels it reads, with its
// weights. Norms are as they were stored. UNIMPLEMENTED for an architecture
// that is not known; DATA_LOSS (reason CORRUPT_DATA) names a tensor that is
// missing, has the wrong shape, or belongs to nothing.
absl::StatusOr<std::shared_ptr<Network>> LoadNetwork(const ModelBundle& bundle);

// `network`, ready for inference and folded, as a trunk. `fused_kernels`: where
// there are any.
std::unique_ptr<Trunk> MakeTrunk(const std::shared_ptr<Network>& network,
                                 const ModelBundle& bundle,
                                 at::ScalarType dtype, bool fused_kernels);

// Layer by layer, as torch::nn runs it. `network` is folded already.
std::unique_ptr<Trunk> MakePlainTrunk(std::shared_ptr<Network> network,
                                      const PixelScaling& scaling,
                                      at::ScalarType dtype);

// The same function in oneDNN's fused operators, which are internal to
// LibTorch; null when this LibTorch has none, or oneDNN says that this CPU
// can't run `dtype` (float32 or bfloat16). Throws what goes wrong beyond that.
std::unique_ptr<Trunk> MakeFusedTrunk(const EfficientNetLite0Impl& network,
                                      const PixelScaling& scaling,
                                      at::ScalarType dtype);

enum class PixelOrder {
  kUpright,
  kRotated,  // By 180 degrees: the last pixel first.
};

// Writes side * side * channels numbers of one picture in one pass. Luma is
// that of ITU-R BT.601.
void WritePixels(const Image& picture, const PixelScaling& scaling,
                 PixelOrder order, float* out);

// float32 [N, channels, side, side], channels last.
at::Tensor PixelsToTensor(absl::Span<const NetworkInput> batch,
                          const PixelScaling& scaling, PixelOrder order);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_TRUNK_H_
