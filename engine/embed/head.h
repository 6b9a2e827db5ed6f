// From the trunk's last feature map to a vector of one space. Includes
// LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_EMBED_HEAD_H_
#define LIKENESS_ENGINE_EMBED_HEAD_H_

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "absl/status/statusor.h"
#include "engine/core/safetensors.h"
#include "engine/embed/model_bundle.h"

namespace likeness {

// [N, C, H, W] to [N, C], by HeadSpec::pooling, which is known. "gem" takes
// what is negative for zero.
at::Tensor Pool(const at::Tensor& map, const HeadSpec& spec);

// [N, D], each row divided by its Euclidean norm.
at::Tensor ToUnitLength(const at::Tensor& vectors);

// Immutable, thread-safe.
class Head {
 public:
  // UNIMPLEMENTED for a pooling that is not known; DATA_LOSS (reason
  // CORRUPT_DATA) when the projection is missing or the dimensions don't fit.
  static absl::StatusOr<Head> Make(const HeadSpec& spec, int64_t features,
                                   const SafeTensors& weights);

  // float32 [N, features, H, W] to float32 [N, dimensions] of unit
  // length, contiguous.
  at::Tensor Apply(const at::Tensor& map) const;

 private:
  explicit Head(const HeadSpec& spec) : spec_(spec) {}

  at::Tensor Project(const at::Tensor& pooled) const;

  HeadSpec spec_;
  at::Tensor weight_;  // [dimensions, features]; undefined without projection.
  at::Tensor bias_;    // [dimensions].
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_HEAD_H_
