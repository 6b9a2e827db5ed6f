#include "engine/evaluate/baseline_bundles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/random.h"
#include "engine/core/safetensors_writer.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

size_t NumElements(const TensorView& tensor) {
  size_t count = 1;
  for (const int64_t side : tensor.shape) count *= static_cast<size_t>(side);
  return count;
}

// Vectors are a norm's or a bias: the ones that make them do nothing. A weight
// that is a vector is the scale of a norm, whatever the layer is called.
std::vector<float> NeutralVector(const std::string& name, size_t count) {
  const bool is_scale =
      absl::EndsWith(name, "running_var") || absl::EndsWith(name, ".weight");
  return std::vector<float>(count, is_scale ? 1.0F : 0.0F);
}

std::vector<float> RandomWeights(const std::string& name,
                                 const TensorView& tensor, Random& random) {
  const size_t count = NumElements(tensor);
  const size_t inputs =
      count / std::max<size_t>(1, static_cast<size_t>(tensor.shape[0]));
  // Projections are linear; what rectifiers follow loses half of its variance.
  const double gain = absl::StrContains(name, "project") ? 1 : 2;
  const double deviation = std::sqrt(gain / static_cast<double>(inputs));
  std::vector<float> weights(count);
  for (float& weight : weights) {
    weight = static_cast<float>(deviation * random.Normal());
  }
  return weights;
}

}  // namespace

absl::StatusOr<ModelBundle> RandomBundle(const ModelBundle& bundle,
                                         uint64_t seed) {
  std::map<std::string, TensorBytes> tensors;
  uint64_t number = 0;
  for (const std::string& name : bundle.weights.names()) {
    ASSIGN_OR_RETURN(const TensorView tensor, bundle.weights.Get(name));
    Random random(seed, number++);
    if (!absl::StartsWith(tensor.dtype, "F") &&
        !absl::StartsWith(tensor.dtype, "BF")) {
      tensors[name] = {tensor.dtype, tensor.shape, std::string(tensor.data)};
      continue;
    }
    const std::vector<float> values =
        tensor.shape.size() < 2 ? NeutralVector(name, NumElements(tensor))
                                : RandomWeights(name, tensor, random);
    std::string data(values.size() * sizeof(float), '\0');
    std::memcpy(data.data(), values.data(), data.size());
    tensors[name] = {"F32", tensor.shape, std::move(data)};
  }
  ModelBundle drawn = bundle;
  drawn.name = absl::StrCat("random ", bundle.architecture);
  drawn.id = "";
  drawn.calibration = {};
  ASSIGN_OR_RETURN(drawn.weights,
                   SafeTensors::Parse(WriteSafeTensors(tensors)));
  return drawn;
}

absl::StatusOr<ModelBundle> FrozenBundle(const ModelBundle& frozen,
                                         const ModelBundle& bundle) {
  ModelBundle pooled = frozen;
  pooled.calibration = {};
  for (const Space space : kAllSpaces) {
    HeadSpec& head = pooled.heads[space];
    if (!head.projection.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the frozen network ", frozen.name,
                       " has a projection for the space ", SpaceName(space),
                       ": it takes one that no training has touched"));
    }
    head.pooling = bundle.heads[space].pooling;
    head.gem_p = bundle.heads[space].gem_p;
  }
  return pooled;
}

}  // namespace likeness
