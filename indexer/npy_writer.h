#ifndef LIKENESS_INDEXER_NPY_WRITER_H_
#define LIKENESS_INDEXER_NPY_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace likeness {

// A file that appears under its name only when it is whole: written beside it,
// synced and renamed. Destroyed before Commit, it leaves nothing. Not
// thread-safe.
class AsideFile {
 public:
  static absl::StatusOr<std::unique_ptr<AsideFile>> Create(
      const std::string& named);
  ~AsideFile();
  AsideFile(const AsideFile&) = delete;
  AsideFile& operator=(const AsideFile&) = delete;

  absl::Status Append(absl::string_view bytes);
  // Replaces what stands at the start of the file.
  absl::Status Overwrite(absl::string_view bytes);
  absl::Status Commit();

 private:
  AsideFile(std::string path, std::string aside, int descriptor);
  absl::Status Flush();
  absl::Status Error(absl::string_view doing) const;

  const std::string path_;
  const std::string aside_;
  int descriptor_;
  std::string buffer_;
};

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
