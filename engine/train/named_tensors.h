// Tensors by name: parameters, and state on its way to and from a checkpoint.
// Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_NAMED_TENSORS_H_
#define LIKENESS_ENGINE_TRAIN_NAMED_TENSORS_H_

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/safetensors_writer.h"

namespace likeness {

// The order is that of the names, so that a checkpoint is the same every time.
using NamedTensors = std::map<std::string, at::Tensor>;

// A handle on a network's own tensor: changing it changes the network.
struct NamedParameter {
  std::string name;
  at::Tensor tensor;
};

// The tensor called `name`, of the type and sizes of `like`. DATA_LOSS (reason
// CORRUPT_DATA) when there is none, or it has others.
absl::StatusOr<at::Tensor> FindTensor(const NamedTensors& tensors,
                                      const std::string& name,
                                      const at::Tensor& like);

// The same for a single int64, which State functions keep as a scalar tensor.
absl::StatusOr<int64_t> FindInteger(const NamedTensors& tensors,
                                    const std::string& name);
at::Tensor IntegerTensor(int64_t value);

// Tensors kept together: those of `from` under `prefix`, and back.
void AddBelow(const std::string& prefix, const NamedTensors& from,
              NamedTensors& to);
NamedTensors AllBelow(const std::string& prefix, const NamedTensors& from);

// As a file holds it, called `dtype` there.
TensorBytes ToBytes(const at::Tensor& tensor, const char* dtype);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_NAMED_TENSORS_H_
