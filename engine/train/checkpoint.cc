#include "engine/train/checkpoint.h"

#include <ATen/ATen.h>

#include <cstring>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/safetensors.h"
#include "engine/core/safetensors_writer.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr uint64_t kMaxBytes = uint64_t{4} << 30;
// A name that no parameter has: they have no spaces.
constexpr char kStateName[] = "trainer state";

struct TypeName {
  at::ScalarType type;
  const char* name;
};
constexpr TypeName kTensorTypes[] = {{at::kFloat, "F32"},
                                     {at::kDouble, "F64"},
                                     {at::kLong, "I64"},
                                     {at::kByte, "U8"}};

absl::StatusOr<TensorBytes> BytesOf(const std::string& name,
                                    const at::Tensor& tensor) {
  for (const TypeName& type : kTensorTypes) {
    if (tensor.scalar_type() != type.type) continue;
    return ToBytes(tensor, type.name);
  }
  return absl::InternalError(
      absl::StrCat("a checkpoint can't hold the type of \"", name, "\""));
}

absl::StatusOr<at::Tensor> FromBytes(const std::string& name,
                                     const TensorView& view) {
  for (const TypeName& type : kTensorTypes) {
    if (view.dtype != type.name) continue;
    at::Tensor tensor = at::empty(view.shape, type.type);
    if (!view.data.empty()) {
      std::memcpy(tensor.mutable_data_ptr(), view.data.data(),
                  view.data.size());
    }
    return tensor;
  }
  return WithReason(absl::DataLossError(absl::StrCat(
                        "checkpoint: \"", name, "\" has type ", view.dtype)),
                    kReasonCorruptData);
}

}  // namespace

absl::Status SaveCheckpoint(const std::string& path,
                            const Checkpoint& checkpoint) {
  std::map<std::string, TensorBytes> tensors;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    ASSIGN_OR_RETURN(tensors[name], BytesOf(name, tensor));
  }
  tensors[kStateName] = {
      .dtype = "U8",
      .shape = {static_cast<int64_t>(checkpoint.state.size())},
      .data = checkpoint.state};
  return WriteFileDurably(path, WriteSafeTensors(tensors));
}

absl::StatusOr<Checkpoint> LoadCheckpoint(const std::string& path) {
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, kMaxBytes));
  ASSIGN_OR_RETURN(const SafeTensors file,
                   SafeTensors::Parse(std::move(bytes)));
  Checkpoint checkpoint;
  for (const std::string& name : file.names()) {
    ASSIGN_OR_RETURN(const TensorView view, file.Get(name));
    if (name == kStateName) {
      checkpoint.state = std::string(view.data);
    } else {
      ASSIGN_OR_RETURN(checkpoint.tensors[name], FromBytes(name, view));
    }
  }
  return checkpoint;
}

}  // namespace likeness
