#include "engine/core/durable_writes.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"

namespace likeness {

namespace fs = std::filesystem;

absl::Status WriteAllAt(int descriptor, uint64_t offset,
                        absl::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor, bytes.data(), bytes.size(),
                                   static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("can't write ", path));
    }
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::string& folder) {
  const int descriptor =
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", folder));
  }
  const int failed = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  return failed == 0
             ? absl::OkStatus()
             : absl::ErrnoToStatus(error, absl::StrCat("cannot sync ", folder));
}

absl::Status MakeFolderDurably(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> parents;  // Of the folders that are not there.
  fs::path path = fs::absolute(folder, error).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  for (; !error && !fs::exists(path, error); path = path.parent_path()) {
    parents.push_back(path.parent_path());
  }
  if (!error) fs::create_directories(folder, error);
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("cannot make ", folder));
  }
  for (const fs::path& parent : parents) {
    RETURN_IF_ERROR(SyncFolder(parent.string()));
  }
  return absl::OkStatus();
}

}  // namespace likeness
