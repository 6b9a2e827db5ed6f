// Forward and backward passes of a batch on all cores.
//
// Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_PARALLEL_PASSES_H_
#define LIKENESS_ENGINE_TRAIN_PARALLEL_PASSES_H_

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "engine/core/space.h"
#include "engine/embed/trunk.h"
#include "engine/image/image.h"
#include "engine/train/siamese_net.h"

namespace likeness {

struct PassOptions {
  // Pictures that go through the network together. A batch is cut into pieces
  // of this many, so results depend on it where norms are live, and never on
  // the number of threads.
  int piece = 12;
  int threads = 1;
  // Norms learn their statistics from one piece after the other, so only the
  // backward passes run side by side.
  bool live_norms = false;
  PixelScaling scaling;
  at::Device device = at::kCPU;  // The networks'.
};

// What a batch of N pictures came to. The tensors are leaves: the loss is
// computed on them, and its gradient with respect to them is handed to
// Backward. On the CPU, wherever the network is.
struct BatchOutput {
  PerSpace<at::Tensor> vectors;  // [N, dimensions], requires gradient.
  at::Tensor features;           // [N, features], requires gradient.
  SiameseNet::Output reference;  // Without gradient; undefined without one.
};

// Cuts a batch into pieces that run side by side, one thread each: LibTorch's
// own threads share single operators, which wait for the slowest at every
// layer. The loss needs the whole batch at once, so forward, loss and backward
// are three steps (as in gradient caching, Gao et al. 2021, but with the graphs
// kept). Gradients are added in the order of the pieces: the same numbers on
// every machine with the same LibTorch. Not thread-safe. Throws what LibTorch
// throws.
class ParallelPasses {
 public:
  // Borrows all. `reference` (null: none) is `net` as training began with it;
  // it is not changed, and has the same frozen stages.
  ParallelPasses(SiameseNet& net, SiameseNet* reference,
                 const PassOptions& options);

  BatchOutput Forward(absl::Span<const Image> pictures);

  // Adds to the gradients of the network's parameters, once for each Forward.
  // `output` is Forward's, with the gradients that the loss left in it.
  void Backward(const BatchOutput& output);

 private:
  struct Piece {
    SiameseNet::Output output;
    SiameseNet::Output reference;
  };

  void RunPiece(absl::Span<const Image> pictures, Piece& piece);
  std::vector<at::Tensor> GradientsOf(const Piece& piece,
                                      const BatchOutput& output,
                                      int64_t begin) const;

  SiameseNet& net_;
  SiameseNet* const reference_;
  const PassOptions options_;
  const std::vector<at::Tensor> parameters_;
  std::vector<Piece> pieces_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_PARALLEL_PASSES_H_
