// The LibTorch implementation of Embedder, for those who link LibTorch: the
// module and its tests. Programs use engine/embed/load_embedder.h. LibTorch's
// headers stay in the .cc files of this folder.
#ifndef LIKENESS_ENGINE_EMBED_TORCH_EMBEDDER_H_
#define LIKENESS_ENGINE_EMBED_TORCH_EMBEDDER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"
#include "engine/embed/model_bundle.h"

namespace likeness {

// Arithmetic of the trunk.
enum class Precision {
  // bfloat16 where the CPU has instructions for it and its vectors prove to be
  // float32's: both networks are built, embed the pictures of
  // engine/embed/precision.h, and have to agree (cosine >= kMinAgreement) on
  // each in every space. Float32 otherwise. Without such a CPU the choice costs
  // nothing; with one, MakeTorchEmbedder builds a second network and runs 16
  // forward passes (0.6 s of CPU time, measured with float32 for both), and
  // holds both networks until it returns.
  kAuto,
  kFloat32,
  kBfloat16,  // Unproven; emulated, and slower, where the CPU has none.
};

struct TorchEmbedderOptions {
  Precision precision = Precision::kAuto;
  // Use oneDNN's fused operators when this LibTorch has them; the plain path is
  // chosen otherwise. Both agree (tested).
  bool fused_kernels = true;
};

// Builds the network of `bundle`. A forward pass runs on the calling thread
// alone, so throughput comes from several calling threads
// (engine/embed/batching_embedder.h). DATA_LOSS when a tensor is missing or has
// the wrong shape; UNIMPLEMENTED for an architecture or pooling that is not
// known.
absl::StatusOr<std::unique_ptr<Embedder>> MakeTorchEmbedder(
    const ModelBundle& bundle, const TorchEmbedderOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_TORCH_EMBEDDER_H_
