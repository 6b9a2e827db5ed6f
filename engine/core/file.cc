#include "engine/core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "engine/core/aside_file.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t max_bytes) {
  // O_NONBLOCK: opening a pipe without a writer must not block.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  }
  const absl::Cleanup closer = [fd] { close(fd); };
  struct stat info{};
  if (fstat(fd, &info) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot stat ", path));
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " is not a regular file"));
  }
  const uint64_t size = static_cast<uint64_t>(info.st_size);
  if (size > max_bytes) {
    return WithReason(
        absl::ResourceExhaustedError(absl::StrCat(
            path, " has ", size, " bytes, the limit is ", max_bytes)),
        kReasonLimitExceeded);
  }
  std::string contents(size, '\0');
  size_t have = 0;
  while (have < contents.size()) {
    const ssize_t got =
        read(fd, contents.data() + have, contents.size() - have);
    if (got < 0) {
      if (errno == EINTR) continue;
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
    }
    if (got == 0) break;  // The file shrank: what is left of it is the answer.
    have += static_cast<size_t>(got);
  }
  contents.resize(have);
  return contents;
}

absl::Status WriteFileDurably(const std::string& path,
                              absl::string_view contents) {
  ASSIGN_OR_RETURN(const std::unique_ptr<AsideFile> file,
                   AsideFile::Create(path));
  RETURN_IF_ERROR(file->Append(contents));
  return file->Commit();
}

}  // namespace likeness
