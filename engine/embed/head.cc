#include "engine/embed/head.h"

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {
namespace {

absl::Status Corrupt(absl::string_view message) {
  return WithReason(
      absl::DataLossError(absl::StrCat("model bundle: ", message)),
      kReasonCorruptData);
}

absl::StatusOr<at::Tensor> GetTensor(const SafeTensors& weights,
                                     const std::string& name,
                                     const std::vector<int64_t>& shape) {
  auto values = weights.GetFloats(name, shape);
  if (!values.ok()) return Corrupt(values.status().message());
  return at::from_blob(values->data(), shape, at::kFloat).clone();
}

}  // namespace

at::Tensor Pool(const at::Tensor& map, const HeadSpec& spec) {
  if (spec.pooling == "max") return at::amax(map, {2, 3});
  if (spec.pooling == "gem") {
    // The clamp keeps the gradient of the root finite.
    return map.clamp_min(1e-6)
        .pow(spec.gem_p)
        .mean({2, 3})
        .pow(1.0 / spec.gem_p);
  }
  return map.mean({2, 3});
}

at::Tensor ToUnitLength(const at::Tensor& vectors) {
  return vectors / at::linalg_vector_norm(vectors, 2, {1}, true);
}

absl::StatusOr<Head> Head::Make(const HeadSpec& spec, int64_t features,
                                const SafeTensors& weights) {
  if (spec.pooling != "avg" && spec.pooling != "max" && spec.pooling != "gem") {
    return absl::UnimplementedError(
        absl::StrCat("model bundle: pooling \"", spec.pooling,
                     "\"; this program knows avg, max and gem"));
  }
  Head head(spec);
  if (spec.projection.empty()) {
    if (spec.dimensions != features) {
      return Corrupt(absl::StrCat("a head without projection has ", features,
                                  " dimensions, not ", spec.dimensions));
    }
    return head;
  }
  auto weight = GetTensor(weights, absl::StrCat(spec.projection, ".weight"),
                          {spec.dimensions, features});
  if (!weight.ok()) return weight.status();
  auto bias = GetTensor(weights, absl::StrCat(spec.projection, ".bias"),
                        {spec.dimensions});
  if (!bias.ok()) return bias.status();
  head.weight_ = *std::move(weight);
  head.bias_ = *std::move(bias);
  return head;
}

// Row by row: a matrix product adds up in another order for another number of
// rows, and the same picture must have the same bits in every batch.
at::Tensor Head::Project(const at::Tensor& pooled) const {
  std::vector<at::Tensor> rows;
  rows.reserve(static_cast<size_t>(pooled.size(0)));
  for (const at::Tensor& row : pooled.unbind(0)) {
    rows.push_back(at::addmv(bias_, weight_, row));
  }
  return rows.empty() ? at::linear(pooled, weight_, bias_) : at::stack(rows);
}

at::Tensor Head::Apply(const at::Tensor& map) const {
  at::Tensor vectors = Pool(map, spec_);
  if (weight_.defined()) {
    if (spec_.normalize_pooled) vectors = ToUnitLength(vectors);
    vectors = Project(vectors);
  }
  return ToUnitLength(vectors).contiguous();
}

}  // namespace likeness
