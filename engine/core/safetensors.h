// Reader of the safetensors format: 8 bytes little-endian header length, a JSON
// header that names each tensor's dtype, shape and byte range, then the data.
// Source: the format description in the safetensors project.
#ifndef LIKENESS_ENGINE_CORE_SAFETENSORS_H_
#define LIKENESS_ENGINE_CORE_SAFETENSORS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

// One tensor, dense, row-major.
struct TensorView {
  std::string dtype;           // "F32", "F16", "BF16", "I64", ...
  std::vector<int64_t> shape;  // Empty for a scalar.
  absl::string_view data;      // Borrowed from the SafeTensors object.
};

// A parsed file, held in memory. Movable, immutable, thread-safe to read.
class SafeTensors {
 public:
  // Parses `contents`, which it keeps. Every range, shape and dtype is checked
  // against the bytes that are there, and the ranges must cover the data
  // without holes or overlaps (an empty one may lie between two): DATA_LOSS
  // (reason CORRUPT_DATA) names the tensor at fault. The header may have at
  // most 16 MiB.
  static absl::StatusOr<SafeTensors> Parse(std::string contents);

  // The tensor called `name`; NOT_FOUND names it.
  absl::StatusOr<TensorView> Get(absl::string_view name) const;

  // Same, converted to float32 from F32, F16 or BF16. INVALID_ARGUMENT when the
  // shape differs from `shape` or the dtype is another.
  absl::StatusOr<std::vector<float>> GetFloats(
      absl::string_view name, const std::vector<int64_t>& shape) const;

  // All names, sorted.
  std::vector<std::string> names() const;

 private:
  struct Entry {
    std::string dtype;
    std::vector<int64_t> shape;
    uint64_t begin = 0;  // Offsets into contents_.
    uint64_t end = 0;
  };

  std::string contents_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_SAFETENSORS_H_
