#include "engine/core/file_source.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

absl::Status SystemError(const char* doing, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("can't ", doing, " ", path));
}

absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& folder) {
  struct Closer {
    void operator()(DIR* stream) const { closedir(stream); }
  };
  const std::unique_ptr<DIR, Closer> stream(opendir(folder.c_str()));
  if (stream == nullptr) return SystemError("open the folder", folder);
  std::vector<std::string> names;
  errno = 0;
  // Each stream has one reader, which is all that readdir asks for.
  while (const dirent* entry = readdir(stream.get())) {  // NOLINT
    const std::string name = entry->d_name;
    if (name.front() != '.') names.push_back(name);
  }
  if (errno != 0) return SystemError("list the folder", folder);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

FileSource::FileSource(std::vector<std::string> roots, Repeats repeats)
    : repeats_(repeats) {
  levels_.push_back({.id = {}, .prefix = "", .names = std::move(roots)});
}

std::optional<FoundFile> FileSource::Next() {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.next == level.names.size()) {
      levels_.pop_back();
      continue;
    }
    std::string path = absl::StrCat(level.prefix, level.names[level.next]);
    ++level.next;
    std::optional<FoundFile> found = Visit(std::move(path));
    if (found.has_value()) return found;
  }
  return std::nullopt;
}

std::optional<FoundFile> FileSource::Visit(std::string path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) {
    absl::Status status = SystemError("find", path);
    return FoundFile{std::move(path), std::move(status)};
  }
  const FileId id{info.st_dev, info.st_ino};
  if (S_ISDIR(info.st_mode)) {
    if (StandsIn(id)) return std::nullopt;
    if (repeats_ == Repeats::kSkip && !seen_.insert(id).second) {
      return std::nullopt;
    }
    absl::Status status = Enter(path, id);
    if (status.ok()) return std::nullopt;
    return FoundFile{std::move(path), std::move(status)};
  }
  if (repeats_ == Repeats::kSkip && !seen_.insert(id).second) {
    ++repeated_;
    return std::nullopt;
  }
  return FoundFile{std::move(path), absl::OkStatus()};
}

absl::Status FileSource::Enter(const std::string& folder, FileId id) {
  ASSIGN_OR_RETURN(std::vector<std::string> names, ListFolder(folder));
  std::string prefix =
      folder.back() == '/' ? folder : absl::StrCat(folder, "/");
  levels_.push_back({id, std::move(prefix), std::move(names)});
  return absl::OkStatus();
}

bool FileSource::StandsIn(FileId folder) const {
  return std::any_of(levels_.begin(), levels_.end(),
                     [&](const Level& level) { return level.id == folder; });
}

}  // namespace likeness
