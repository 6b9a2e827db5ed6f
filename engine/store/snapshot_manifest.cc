#include "engine/store/snapshot_manifest.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/core/checked_file.h"
#include "engine/core/checksum.h"
#include "engine/core/durable_writes.h"
#include "engine/core/error.h"
#include "engine/core/read_pieces.h"
#include "engine/core/status_macros.h"
#include "likeness/storage/v1/snapshot.pb.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;
namespace pb = ::likeness::storage::v1;

constexpr absl::string_view kMagic = "LKNSNAP\x01";
constexpr uint64_t kMaxManifestBytes = uint64_t{1} << 30;

std::string ManifestPath(const std::string& folder) {
  return absl::StrCat(folder, "/", kSnapshotFileName);
}

absl::Status SyncFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  return synced
             ? absl::OkStatus()
             : absl::ErrnoToStatus(error, absl::StrCat("cannot sync ", path));
}

// Below the folder, whoever wrote it.
bool IsInside(absl::string_view path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  return std::none_of(parts.begin(), parts.end(), [](absl::string_view part) {
    return part.empty() || part == "." || part == "..";
  });
}

}  // namespace

bool IsSnapshot(const std::string& folder) {
  std::error_code error;
  return fs::exists(ManifestPath(folder), error);
}

uint64_t SnapshotManifest::size_bytes() const {
  uint64_t sum = 0;
  for (const File& file : files) sum += file.size_bytes;
  return sum;
}

absl::StatusOr<std::vector<SnapshotManifest::File>> SealFiles(
    const std::string& folder) {
  std::vector<SnapshotManifest::File> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string path = entry->path().string();
    const bool is_folder = entry->is_directory(error);
    if (error) break;
    if (is_folder) {
      RETURN_IF_ERROR(SyncFolder(path));
      continue;
    }
    if (path == ManifestPath(folder)) continue;
    SnapshotManifest::File& file = files.emplace_back();
    file.path = fs::path(path).lexically_relative(folder).string();
    RunningChecksum checksum;
    RETURN_IF_ERROR(ReadInPieces(path, [&](absl::string_view piece) {
      checksum.Add(piece);
      file.size_bytes += piece.size();
      return absl::OkStatus();
    }));
    file.checksum = checksum.value();
    RETURN_IF_ERROR(SyncFile(path));
  }
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("cannot list ", folder));
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

absl::Status WriteSnapshotManifest(const std::string& folder,
                                   const SnapshotManifest& manifest) {
  pb::SnapshotManifest record;
  record.set_created_unix_micros(absl::ToUnixMicros(manifest.created));
  for (const SnapshotManifest::Collection& collection : manifest.collections) {
    pb::SnapshotCollection& entry = *record.add_collections();
    entry.set_name(collection.name);
    entry.set_last_op_id(collection.last_op_id);
    entry.set_live_items(collection.live_items);
  }
  for (const SnapshotManifest::File& file : manifest.files) {
    pb::SnapshotFile& entry = *record.add_files();
    entry.set_path(file.path);
    entry.set_size_bytes(file.size_bytes);
    entry.set_checksum(file.checksum);
  }
  return WriteCheckedFile(ManifestPath(folder), kMagic,
                          record.SerializeAsString());
}

absl::StatusOr<SnapshotManifest> ReadSnapshotManifest(
    const std::string& folder) {
  const std::string path = ManifestPath(folder);
  const absl::StatusOr<std::string> bytes =
      ReadCheckedFile(path, kMagic, kMaxManifestBytes);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(
        absl::StrCat(folder, " is no snapshot, or was interrupted: it has no ",
                     kSnapshotFileName, " file"));
  }
  RETURN_IF_ERROR(bytes.status());
  pb::SnapshotManifest record;
  if (!record.ParseFromString(*bytes)) {
    return DamagedFile(path, "its record doesn't parse");
  }
  SnapshotManifest manifest;
  manifest.created = absl::FromUnixMicros(record.created_unix_micros());
  for (const pb::SnapshotCollection& entry : record.collections()) {
    manifest.collections.push_back(
        {entry.name(), entry.last_op_id(), entry.live_items()});
  }
  for (const pb::SnapshotFile& entry : record.files()) {
    if (!IsInside(entry.path())) {
      return DamagedFile(path, absl::StrCat("it names \"", entry.path(),
                                            "\", which is not inside"));
    }
    manifest.files.push_back(
        {entry.path(), entry.size_bytes(), entry.checksum()});
  }
  return manifest;
}

absl::Status CheckSnapshotFile(const std::string& folder,
                               const SnapshotManifest::File& file,
                               uint64_t size_bytes, uint64_t checksum) {
  const std::string path = absl::StrCat(folder, "/", file.path);
  if (size_bytes != file.size_bytes) {
    return DamagedFile(
        path, absl::StrCat("it has ", size_bytes, " bytes and should have ",
                           file.size_bytes));
  }
  if (checksum != file.checksum)
    return DamagedFile(path, "its checksum is wrong");
  return absl::OkStatus();
}

}  // namespace likeness
