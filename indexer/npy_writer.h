#ifndef LIKENESS_INDEXER_NPY_WRITER_H_
#define LIKENESS_INDEXER_NPY_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/aside_file.h"

namespace likeness {

// A NumPy file of float32 rows, [rows, columns], little-endian, C order
// (NumPy's NEP 1, version 1.0). The header is written last, when the number of
// rows is known, so that memory does not grow with them. Not thread-safe.
class NpyWriter {
 public:
  static absl::StatusOr<std::unique_ptr<NpyWriter>> Create(
      const std::string& path, int columns);

  // INVALID_ARGUMENT unless the row has `columns` values.
  absl::Status Append(absl::Span<const float> row);
  absl::Status Commit();

  uint64_t rows() const { return rows_; }

 private:
  NpyWriter(std::unique_ptr<AsideFile> file, int columns)
      : file_(std::move(file)), columns_(columns) {}

  std::unique_ptr<AsideFile> file_;
  const int columns_;
  uint64_t rows_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_INDEXER_NPY_WRITER_H_
