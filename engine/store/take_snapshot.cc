#include "engine/store/take_snapshot.h"

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/durable_writes.h"
#include "engine/core/status_macros.h"
#include "engine/store/keys.h"
#include "engine/store/records.h"
#include "engine/store/rocksdb_status.h"
#include "rocksdb/iterator.h"
#include "rocksdb/utilities/checkpoint.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

// Names the sealed segments of a collection; replaced as a whole, and before
// the files that it no longer names are removed.
constexpr char kSegmentManifestName[] = "MANIFEST";
// A segment is built, and the manifest replaced, far less often than this.
constexpr int kLinkTries = 100;

absl::Status FileError(const std::error_code& error, absl::string_view doing,
                       const fs::path& path) {
  return absl::ErrnoToStatus(
      error.value(), absl::StrCat("cannot ", doing, " ", path.string()));
}

// The same file under another name; a copy where that can't be. False when
// `from` is not there any more.
absl::StatusOr<bool> LinkOrCopy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error == std::errc::cross_device_link ||
      error == std::errc::operation_not_permitted ||
      error == std::errc::operation_not_supported ||
      error == std::errc::too_many_links) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  }
  if (error == std::errc::no_such_file_or_directory) return false;
  if (error) return FileError(error, "link", to);
  return true;
}

// Which file it is that has a name now; another one once it was replaced.
using FileIdentity =
    std::tuple<dev_t, ino_t, time_t, decltype(timespec::tv_nsec)>;

// The default when there is no file of the name.
FileIdentity IdentityOf(const fs::path& path) {
  struct stat found{};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino, found.st_mtim.tv_sec,
          found.st_mtim.tv_nsec};
}

// Links all files of one collection's segments. False when they changed
// meanwhile, so that some that the manifest names may be missing.
absl::StatusOr<bool> TryLinkSegments(const fs::path& from, const fs::path& to) {
  const FileIdentity before = IdentityOf(from / kSegmentManifestName);
  std::error_code error;
  fs::remove_all(to, error);
  fs::create_directories(to, error);
  if (error) return FileError(error, "make", to);
  ASSIGN_OR_RETURN(const bool linked, LinkOrCopy(from / kSegmentManifestName,
                                                 to / kSegmentManifestName));
  if (!linked) {  // Nothing was sealed yet, or the collection was dropped.
    fs::remove_all(to, error);
    return true;
  }
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path name = entry->path().filename();
    // A file that is still being written has a name of its own until it is
    // whole; with its own name it never changes.
    const bool whole = !absl::StrContains(name.string(), ".tmp.");
    if (name == kSegmentManifestName || !whole) continue;
    RETURN_IF_ERROR(LinkOrCopy(entry->path(), to / name).status());
  }
  // Dropped just now, with its files.
  if (error == std::errc::no_such_file_or_directory) return false;
  if (error) return FileError(error, "list", from);
  return IdentityOf(from / kSegmentManifestName) == before;
}

// Before the database's checkpoint, so that no manifest knows an operation that
// the database does not have.
absl::Status LinkAllSegments(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return absl::OkStatus();
  std::vector<fs::path> collections;
  for (fs::directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    collections.push_back(entry->path().filename());
  }
  if (error) return FileError(error, "list", from);
  for (const fs::path& collection : collections) {
    bool done = false;
    for (int i = 0; i < kLinkTries && !done; ++i) {
      ASSIGN_OR_RETURN(done,
                       TryLinkSegments(from / collection, to / collection));
    }
    // What is derived can be left out: the restored directory builds it anew.
    if (!done) fs::remove_all(to / collection, error);
  }
  return absl::OkStatus();
}

absl::Status Checkpoint(rocksdb::DB* db, const std::string& path) {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db, &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(path);
  return FromRocksDb(status, absl::StrCat("cannot make ", path));
}

// Where the collections of a snapshot stand; also proves that it opens.
absl::StatusOr<std::vector<SnapshotManifest::Collection>> ReadCollections(
    const std::string& folder) {
  ASSIGN_OR_RETURN(const auto handle,
                   RocksDbHandle::OpenReadOnly(DataFolder::OfSnapshot(folder)));
  std::vector<SnapshotManifest::Collection> collections;
  const std::string first = CollectionKey("");
  const std::unique_ptr<rocksdb::Iterator> records(handle->db()->NewIterator(
      rocksdb::ReadOptions(), handle->family(Family::kCatalog)));
  for (records->Seek(first);
       records->Valid() && records->key().starts_with(first); records->Next()) {
    ASSIGN_OR_RETURN(const StoredCollection collection,
                     DecodeCollection(FromSlice(records->value())));
    ASSIGN_OR_RETURN(const auto state,
                     handle->Get(rocksdb::ReadOptions(), Family::kCatalog,
                                 StateKey(collection.number)));
    StoreState stands;
    if (state.has_value()) {
      ASSIGN_OR_RETURN(stands, DecodeState(*state));
    }
    collections.push_back(
        {collection.spec.name, stands.last_op_id, stands.live_items});
  }
  RETURN_IF_ERROR(FromRocksDb(records->status(), "cannot read the catalog"));
  return collections;
}

absl::StatusOr<SnapshotManifest> Fill(const RocksDbHandle& handle,
                                      const std::string& folder) {
  SnapshotManifest manifest;
  manifest.created = absl::Now();
  const std::unique_ptr<DataFolder> inside = DataFolder::OfSnapshot(folder);
  RETURN_IF_ERROR(LinkAllSegments(handle.folder().segments_path(),
                                  inside->segments_path()));
  RETURN_IF_ERROR(Checkpoint(handle.db(), inside->database_path()));
  RETURN_IF_ERROR(DataFolder::WriteReady(folder));
  ASSIGN_OR_RETURN(manifest.collections, ReadCollections(folder));
  ASSIGN_OR_RETURN(manifest.files, SealFiles(folder));
  RETURN_IF_ERROR(WriteSnapshotManifest(folder, manifest));
  return manifest;
}

}  // namespace

absl::StatusOr<SnapshotManifest> TakeSnapshot(const RocksDbHandle& handle,
                                              const std::string& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    return absl::AlreadyExistsError(
        absl::StrCat(folder, " is there and not empty"));
  }
  RETURN_IF_ERROR(MakeFolderDurably(folder));
  absl::StatusOr<SnapshotManifest> manifest = Fill(handle, folder);
  // What was begun is worth nothing.
  if (!manifest.ok()) fs::remove_all(folder, error);
  return manifest;
}

}  // namespace likeness
