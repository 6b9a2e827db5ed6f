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
#include "engine/image/prepare.h"

namespace likeness {

// From pixels to the last feature map. Thread-safe; runs on the calling thread
// alone. Throws what LibTorch throws.
class Trunk {
 public:
  virtual ~Trunk() = default;

  // float32 [N, 1280, side/32, side/32] for N >= 1 pictures, each of the
  // bundle's input side (not checked here). The order of the map's pixels is
  // the trunk's own business: pool over all of them.
  virtual at::Tensor Forward(absl::Span<const NetworkInput> batch) const = 0;
};

// How pixels become the network's numbers: (pixel - mean) / scale.
struct PixelScaling {
  int side = 0;
  float mean = 0;
  float scale = 1;
};

// The network of `bundle` with its batch norms folded. UNIMPLEMENTED for
// another architecture; DATA_LOSS (reason CORRUPT_DATA) names a tensor that is
// missing, has the wrong shape, or belongs to nothing. `fused_kernels`: where
// there are any.
absl::StatusOr<std::unique_ptr<Trunk>> MakeTrunk(const ModelBundle& bundle,
                                                 at::ScalarType dtype,
                                                 bool fused_kernels);

// Layer by layer, as torch::nn runs it. `network` is folded already.
std::unique_ptr<Trunk> MakePlainTrunk(EfficientNetLite0 network,
                                      const PixelScaling& scaling,
                                      at::ScalarType dtype);

// The same function in oneDNN's fused operators, which are internal to
// LibTorch; null when this LibTorch has none, or oneDNN says that this CPU
// can't run `dtype` (float32 or bfloat16). Throws what goes wrong beyond that.
std::unique_ptr<Trunk> MakeFusedTrunk(const EfficientNetLite0& network,
                                      const PixelScaling& scaling,
                                      at::ScalarType dtype);

enum class PixelOrder {
  kUpright,
  kRotated,  // By 180 degrees: the last pixel first.
};

// float32 [N, 3, side, side], channels last, written in one pass over the
// pixels.
at::Tensor PixelsToTensor(absl::Span<const NetworkInput> batch,
                          const PixelScaling& scaling, PixelOrder order);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_TRUNK_H_
