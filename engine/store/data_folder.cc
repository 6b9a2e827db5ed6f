#include "engine/store/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/core/durable_writes.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/store/snapshot_manifest.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kLockName = "LOCK";
constexpr absl::string_view kFormatName = "FORMAT";
constexpr absl::string_view kDatabaseName = "db";
constexpr absl::string_view kSegmentsName = "segments";
constexpr int kFormatVersion = 2;
constexpr uint64_t kMaxFormatBytes = 4096;

// FORMAT's lines: the first says what it is, then "version N", then whether the
// database was ever made, or lacks what is new in the version. The last tells a
// folder whose making was interrupted from one that lost its database.
constexpr absl::string_view kFormatTitle = "likeness data directory";
constexpr absl::string_view kCreating = "creating";
constexpr absl::string_view kUpgrading = "upgrading";
constexpr absl::string_view kReady = "ready";

std::string FormatText(absl::string_view state) {
  return absl::StrCat(kFormatTitle, "\nversion ", kFormatVersion, "\n", state,
                      "\n");
}

absl::Status DamagedFormat(const std::string& path) {
  return WithReason(absl::DataLossError(absl::StrCat(
                        path, " is damaged: it should read \"", kFormatTitle,
                        "\", a version, and \"", kCreating, "\", \"",
                        kUpgrading, "\" or \"", kReady, "\", a line each")),
                    kReasonCorruptData);
}

struct Format {
  int version = 0;
  absl::string_view state;  // One of the three above.
};

absl::StatusOr<Format> ParseFormat(absl::string_view text,
                                   const std::string& path) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() < 2 || lines[0] != kFormatTitle) return DamagedFormat(path);
  absl::string_view number = lines[1];
  int version = 0;
  if (!absl::ConsumePrefix(&number, "version ") ||
      !absl::SimpleAtoi(number, &version) || version < 1) {
    return DamagedFormat(path);
  }
  // Before the rest, which a newer version may have changed.
  if (version > kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": the directory has format version ", version,
                     ", this program knows versions up to ", kFormatVersion,
                     "; use a newer program"));
  }
  if (lines.size() == 4 && lines[3].empty()) {
    for (const absl::string_view state : {kCreating, kUpgrading, kReady}) {
      if (lines[2] == state) return Format{version, state};
    }
  }
  return DamagedFormat(path);
}

// The process that holds the lock, as far as the lock file tells.
std::string DescribeHolder(int lock_fd) {
  std::array<char, 32> text{};
  const ssize_t size = pread(lock_fd, text.data(), text.size(), 0);
  absl::string_view pid(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  pid = pid.substr(0, pid.find('\n'));
  int number = 0;
  if (!absl::SimpleAtoi(pid, &number)) return "another process";
  const auto name = ReadFile(absl::StrCat("/proc/", number, "/comm"), 4096);
  if (!name.ok() || name->empty()) return absl::StrCat("process ", number);
  return absl::StrCat("process ", number, " (", absl::StripSuffix(*name, "\n"),
                      ")");
}

absl::StatusOr<int> Lock(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kLockName);
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  }
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    absl::Status status =
        error == EWOULDBLOCK
            ? WithReason(absl::FailedPreconditionError(absl::StrCat(
                             folder, " is in use by ", DescribeHolder(fd))),
                         kReasonDirectoryInUse)
            : absl::ErrnoToStatus(error, absl::StrCat("cannot lock ", path));
    close(fd);
    return status;
  }
  // For the message above alone; the lock is the kernel's.
  const std::string pid = absl::StrCat(getpid(), "\n");
  absl::Status told =
      ftruncate(fd, 0) == 0
          ? WriteAllAt(fd, /*offset=*/0, pid, path)
          : absl::ErrnoToStatus(errno, absl::StrCat("can't write ", path));
  if (told.ok()) return fd;
  close(fd);
  return told;
}

absl::Status FromErrorCode(std::error_code error, absl::string_view what) {
  return absl::ErrnoToStatus(error.value(), what);
}

// Whether the folder holds nothing; NOT_FOUND when it is not there.
absl::StatusOr<bool> IsEmptyFolder(const std::string& folder) {
  std::error_code error;
  const fs::directory_iterator entries(folder, error);
  if (error) {
    return FromErrorCode(error, absl::StrCat("cannot open folder ", folder));
  }
  return entries == fs::directory_iterator();
}

// Refuses, before anything is written, a folder that is no data directory. A
// LOCK alone is what an interrupted first start leaves behind.
absl::Status CheckForeign(const std::string& folder) {
  std::error_code error;
  if (fs::exists(absl::StrCat(folder, "/", kFormatName), error)) {
    return absl::OkStatus();
  }
  if (error) {
    return FromErrorCode(error, absl::StrCat("cannot look into ", folder));
  }
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name != kLockName && name.rfind("FORMAT.tmp.", 0) != 0) {
      return absl::FailedPreconditionError(absl::StrCat(
          folder, " is not empty and has no ", kFormatName,
          " file: it is not a data directory (found \"", name, "\")"));
    }
  }
  if (error) {
    return FromErrorCode(error, absl::StrCat("cannot read folder ", folder));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(
    const std::string& folder, bool create) {
  if (create) RETURN_IF_ERROR(MakeFolderDurably(folder));
  ASSIGN_OR_RETURN(const bool empty, IsEmptyFolder(folder));
  if (empty && !create) {
    return absl::NotFoundError(
        absl::StrCat(folder, " is empty: there is no data directory"));
  }
  if (IsSnapshot(folder)) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder,
                     " is a snapshot, not to be written to; make a "
                     "data directory of it: likeness restore"));
  }
  RETURN_IF_ERROR(CheckForeign(folder));
  ASSIGN_OR_RETURN(const int lock_fd, Lock(folder));
  std::unique_ptr<DataFolder> opened(new DataFolder(folder, lock_fd));
  RETURN_IF_ERROR(opened->CheckFormat(create));
  return opened;
}

absl::Status DataFolder::CheckFormat(bool create) {
  const std::string path = absl::StrCat(folder_, "/", kFormatName);
  const absl::StatusOr<std::string> text = ReadFile(path, kMaxFormatBytes);
  if (absl::IsNotFound(text.status())) {
    if (!create) {
      return absl::NotFoundError(
          absl::StrCat(folder_, " holds no data directory yet"));
    }
    fresh_ = true;
    return WriteFileDurably(path, FormatText(kCreating));
  }
  if (absl::IsResourceExhausted(text.status())) return DamagedFormat(path);
  RETURN_IF_ERROR(text.status());
  ASSIGN_OR_RETURN(const Format format, ParseFormat(*text, path));
  fresh_ = format.state == kCreating;
  upgrading_ = !fresh_ &&
               (format.state == kUpgrading || format.version < kFormatVersion);
  if (format.version == kFormatVersion) return absl::OkStatus();
  // First of all, so that an older program never meets what it doesn't know.
  return WriteFileDurably(path, FormatText(fresh_ ? kCreating : kUpgrading));
}

std::unique_ptr<DataFolder> DataFolder::OfSnapshot(const std::string& folder) {
  return absl::WrapUnique(new DataFolder(folder, /*lock_fd=*/-1));
}

absl::Status DataFolder::WriteReady(const std::string& folder) {
  return WriteFileDurably(absl::StrCat(folder, "/", kFormatName),
                          FormatText(kReady));
}

DataFolder::~DataFolder() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

absl::Status DataFolder::MarkReady() {
  RETURN_IF_ERROR(WriteReady(folder_));
  fresh_ = false;
  upgrading_ = false;
  return absl::OkStatus();
}

std::string DataFolder::database_path() const {
  return absl::StrCat(folder_, "/", kDatabaseName);
}

std::string DataFolder::segments_path() const {
  return absl::StrCat(folder_, "/", kSegmentsName);
}

std::string DataFolder::derived_path(uint32_t number) const {
  return absl::StrCat(segments_path(), "/", number);
}

void DataFolder::KeepDerived(const std::set<uint32_t>& numbers) const {
  std::set<std::string> kept;
  for (const uint32_t number : numbers) kept.insert(absl::StrCat(number));
  std::vector<fs::path> others;
  std::error_code error;
  for (fs::directory_iterator
           entry(absl::StrCat(folder_, "/", kSegmentsName), error),
       end;
       !error && entry != end; entry.increment(error)) {
    if (!kept.contains(entry->path().filename().string())) {
      others.push_back(entry->path());
    }
  }
  for (const fs::path& other : others) fs::remove_all(other, error);
}

}  // namespace likeness
