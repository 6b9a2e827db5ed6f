#include "indexer/npy_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

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

absl::StatusOr<std::unique_ptr<AsideFile>> AsideFile::Create(
    const std::string& named) {
  // Renaming over a pipe, a device or a link would put a file in its place.
  std::error_code error;
  const auto type = std::filesystem::status(named, error).type();
  if (type != std::filesystem::file_type::not_found &&
      type != std::filesystem::file_type::regular) {
    return absl::FailedPreconditionError(
        absl::StrCat("can't write ", named, ": it is not a regular file"));
  }
  const std::string path =
      std::filesystem::weakly_canonical(named, error).string();
  if (error) return absl::ErrnoToStatus(error.value(), named);
  const std::string aside = absl::StrCat(path, ".tmp.", getpid());
  const int descriptor =
      open(aside.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("can't write ", path));
  }
  return std::unique_ptr<AsideFile>(new AsideFile(path, aside, descriptor));
}

AsideFile::AsideFile(std::string path, std::string aside, int descriptor)
    : path_(std::move(path)),
      aside_(std::move(aside)),
      descriptor_(descriptor) {}

AsideFile::~AsideFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(aside_.c_str());
}

absl::Status AsideFile::Append(absl::string_view bytes) {
  absl::StrAppend(&buffer_, bytes);
  return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
}

absl::Status AsideFile::Overwrite(absl::string_view bytes) {
  RETURN_IF_ERROR(Flush());
  const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), 0);
  if (written != static_cast<ssize_t>(bytes.size())) return Error("write");
  return absl::OkStatus();
}

absl::Status AsideFile::Commit() {
  RETURN_IF_ERROR(Flush());
  if (fsync(descriptor_) != 0) return Error("sync");
  if (rename(aside_.c_str(), path_.c_str()) != 0) return Error("rename");
  close(std::exchange(descriptor_, -1));
  return absl::OkStatus();
}

absl::Status AsideFile::Flush() {
  absl::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error("write");
    rest.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status AsideFile::Error(absl::string_view doing) const {
  return absl::ErrnoToStatus(errno, absl::StrCat("can't ", doing, " ", path_));
}

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
