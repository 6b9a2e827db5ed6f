#include "indexer/npy_writer.h"

#include <bit>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// The format asks for a multiple of 64, so that the rows are aligned.
constexpr size_t kHeaderBytes = 128;

static_assert(std::endian::native == std::endian::little,
              "rows are written as they lie in memory");

std::string NpyHeader(uint64_t rows, int columns) {
  std::string header("\x93NUMPY\x01\x00", 8);
  const size_t length = kHeaderBytes - header.size() - 2;
  header.push_back(static_cast<char>(length & 0xFF));
  header.push_back(static_cast<char>(length >> 8));
  absl::StrAppend(&header,
                  absl::StrFormat("{'descr': '<f4', 'fortran_order': False, "
                                  "'shape': (%d, %d), }",
                                  rows, columns));
  header.resize(kHeaderBytes - 1, ' ');
  header.push_back('\n');
  return header;
}

}  // namespace

absl::StatusOr<std::unique_ptr<NpyWriter>> NpyWriter::Create(
    const std::string& path, int columns) {
  ASSIGN_OR_RETURN(std::unique_ptr<AsideFile> file, AsideFile::Create(path));
  RETURN_IF_ERROR(file->Append(NpyHeader(0, columns)));
  return std::unique_ptr<NpyWriter>(new NpyWriter(std::move(file), columns));
}

absl::Status NpyWriter::Append(absl::Span<const float> row) {
  if (row.size() != static_cast<size_t>(columns_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a row of ", row.size(), " values, not ", columns_));
  }
  ++rows_;
  return file_->Append(
      {reinterpret_cast<const char*>(row.data()), row.size() * sizeof(float)});
}

absl::Status NpyWriter::Commit() {
  RETURN_IF_ERROR(file_->Overwrite(NpyHeader(rows_, columns_)));
  return file_->Commit();
}

}  // namespace likeness
