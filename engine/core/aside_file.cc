#include "engine/core/aside_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/durable_writes.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
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
  return WriteAllAt(descriptor_, /*offset=*/0, bytes, path_);
}

absl::StatusOr<int> AsideFile::OpenForReading() {
  RETURN_IF_ERROR(Flush());
  const int descriptor = open(aside_.c_str(), O_RDONLY | O_CLOEXEC);
  return descriptor >= 0 ? absl::StatusOr<int>(descriptor) : Error("read");
}

absl::Status AsideFile::Commit() {
  RETURN_IF_ERROR(Flush());
  if (fsync(descriptor_) != 0) return Error("sync");
  if (rename(aside_.c_str(), path_.c_str()) != 0) return Error("rename");
  close(std::exchange(descriptor_, -1));
  return SyncFolder(FolderOf(path_));
}

absl::Status AsideFile::Flush() {
  RETURN_IF_ERROR(WriteAllAt(descriptor_, written_, buffer_, path_));
  written_ += buffer_.size();
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status AsideFile::Error(absl::string_view doing) const {
  return absl::ErrnoToStatus(errno, absl::StrCat("can't ", doing, " ", path_));
}

}  // namespace likeness
