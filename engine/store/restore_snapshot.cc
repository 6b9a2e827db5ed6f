#include "engine/store/restore_snapshot.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "engine/core/aside_file.h"
#include "engine/core/checksum.h"
#include "engine/core/durable_writes.h"
#include "engine/core/read_pieces.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

absl::Status CopyChecked(const std::string& from, const std::string& to,
                         const SnapshotManifest::File& file) {
  const fs::path target = fs::path(to) / file.path;
  RETURN_IF_ERROR(MakeFolderDurably(target.parent_path().string()));
  ASSIGN_OR_RETURN(const std::unique_ptr<AsideFile> copy,
                   AsideFile::Create(target.string()));
  RunningChecksum checksum;
  uint64_t size = 0;
  RETURN_IF_ERROR(ReadInPieces(absl::StrCat(from, "/", file.path),
                               [&](absl::string_view piece) {
                                 checksum.Add(piece);
                                 size += piece.size();
                                 return copy->Append(piece);
                               }));
  RETURN_IF_ERROR(CheckSnapshotFile(from, file, size, checksum.value()));
  return copy->Commit();
}

}  // namespace

absl::StatusOr<SnapshotManifest> RestoreSnapshot(const std::string& from,
                                                 const std::string& to) {
  ASSIGN_OR_RETURN(const SnapshotManifest manifest, ReadSnapshotManifest(from));
  std::error_code error;
  const fs::path named = fs::absolute(to, error).lexically_normal();
  const std::string target =
      (named.has_filename() ? named : named.parent_path()).string();
  if (fs::exists(target, error) && !fs::is_empty(target, error)) {
    return absl::AlreadyExistsError(
        absl::StrCat(to, " is there and not empty"));
  }
  const std::string aside = absl::StrCat(target, ".restoring.", getpid());
  const absl::Cleanup remover = [&aside] {
    std::error_code ignored;
    fs::remove_all(aside, ignored);
  };
  for (const SnapshotManifest::File& file : manifest.files) {
    RETURN_IF_ERROR(CopyChecked(from, aside, file));
  }
  // An empty folder of the name is replaced.
  if (rename(aside.c_str(), target.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot make ", target));
  }
  RETURN_IF_ERROR(SyncFolder(fs::path(target).parent_path().string()));
  return manifest;
}

}  // namespace likeness
