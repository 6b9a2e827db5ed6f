#include "engine/train/named_tensors.h"

#include <ATen/ATen.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

std::string Describe(const at::Tensor& tensor) {
  return absl::StrCat(c10::toString(tensor.scalar_type()), " [",
                      absl::StrJoin(tensor.sizes(), ", "), "]");
}

absl::Status Corrupt(absl::string_view message) {
  return WithReason(absl::DataLossError(absl::StrCat("checkpoint: ", message)),
                    kReasonCorruptData);
}

}  // namespace

absl::StatusOr<at::Tensor> FindTensor(const NamedTensors& tensors,
                                      const std::string& name,
                                      const at::Tensor& like) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    return Corrupt(absl::StrCat("there is no \"", name, "\""));
  }
  const at::Tensor& tensor = found->second;
  if (tensor.sizes() != like.sizes() ||
      tensor.scalar_type() != like.scalar_type()) {
    return Corrupt(absl::StrCat("\"", name, "\" is ", Describe(tensor),
                                ", not ", Describe(like)));
  }
  return tensor;
}

absl::StatusOr<int64_t> FindInteger(const NamedTensors& tensors,
                                    const std::string& name) {
  ASSIGN_OR_RETURN(const at::Tensor tensor,
                   FindTensor(tensors, name, IntegerTensor(0)));
  return tensor.item<int64_t>();
}

at::Tensor IntegerTensor(int64_t value) {
  return at::scalar_tensor(value, at::kLong);
}

void AddBelow(const std::string& prefix, const NamedTensors& from,
              NamedTensors& to) {
  for (const auto& [name, tensor] : from) to[prefix + name] = tensor;
}

NamedTensors AllBelow(const std::string& prefix, const NamedTensors& from) {
  NamedTensors below;
  for (const auto& [name, tensor] : from) {
    if (absl::StartsWith(name, prefix)) {
      below[name.substr(prefix.size())] = tensor;
    }
  }
  return below;
}

TensorBytes ToBytes(const at::Tensor& tensor, const char* dtype) {
  const at::Tensor dense = tensor.detach().to(at::kCPU).contiguous();
  return {.dtype = dtype,
          .shape = dense.sizes().vec(),
          .data = std::string(static_cast<const char*>(dense.const_data_ptr()),
                              dense.nbytes())};
}

}  // namespace likeness
