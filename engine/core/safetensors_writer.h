#ifndef LIKENESS_ENGINE_CORE_SAFETENSORS_WRITER_H_
#define LIKENESS_ENGINE_CORE_SAFETENSORS_WRITER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace likeness {

// A tensor to write: dense, row-major, little-endian.
struct TensorBytes {
  std::string dtype;           // "F32", "F16", ...
  std::vector<int64_t> shape;  // Empty for a scalar.
  std::string data;            // As many bytes as dtype and shape say.
};

// The file that SafeTensors::Parse reads: tensors in the order of their names,
// without holes, the data beginning at a multiple of 8 bytes. The same tensors
// give the same bytes.
std::string WriteSafeTensors(const std::map<std::string, TensorBytes>& tensors);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_SAFETENSORS_WRITER_H_
