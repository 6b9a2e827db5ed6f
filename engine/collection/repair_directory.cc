#include "engine/collection/repair_directory.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/collection/collection_set.h"
#include "engine/collection/verify_directory.h"
#include "engine/core/durable_writes.h"
#include "engine/core/status_macros.h"
#include "engine/store/data_folder.h"
#include "engine/store/snapshot_manifest.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

// Where `from` can be moved to: `damaged`/NAME.1, or the next that is free.
std::string FreePath(const fs::path& damaged, const fs::path& from) {
  for (int i = 1;; ++i) {
    const fs::path to =
        damaged / absl::StrCat(from.filename().string(), ".", i);
    std::error_code ignored;
    if (!fs::exists(to, ignored)) return to.string();
  }
}

absl::Status MoveAside(const std::string& folder, RepairReport& report) {
  // Nobody opens the directory meanwhile.
  ASSIGN_OR_RETURN(const auto lock, DataFolder::Open(folder, /*create=*/false));
  const std::string damaged = absl::StrCat(folder, "/damaged");
  RETURN_IF_ERROR(MakeFolderDurably(damaged));
  for (const auto& [from, name] : report.before.derived()) {
    std::error_code ignored;
    if (!fs::exists(from, ignored)) continue;
    const std::string to = FreePath(damaged, from);
    if (std::rename(from.c_str(), to.c_str()) != 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot move ", from));
    }
    report.moved.push_back({from, to});
    RETURN_IF_ERROR(SyncFolder(damaged));
    RETURN_IF_ERROR(SyncFolder(fs::path(from).parent_path().string()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Collection>> Find(CollectionSet& collections,
                                                 const GenerationName& name) {
  if (!name.is_other) return collections.Get(name.collection);
  ASSIGN_OR_RETURN(Generations both,
                   collections.GetGenerations(name.collection));
  return std::move(both.other);
}

absl::Status Rebuild(const std::string& folder, RepairReport& report) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CollectionSet> collections,
                   CollectionSet::Open(folder, /*create=*/false));
  for (const auto& [from, name] : report.before.derived()) {
    ASSIGN_OR_RETURN(const auto collection, Find(*collections, name));
    RETURN_IF_ERROR(collection->Compact());
    report.rebuilt.push_back(name);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RepairReport> RepairDirectory(const std::string& folder) {
  if (IsSnapshot(folder)) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder,
                     " is a snapshot, which is not written to; repair what "
                     "`likeness restore` makes of it"));
  }
  RepairReport report;
  ASSIGN_OR_RETURN(report.before, VerifyDirectory(folder));
  const bool store_is_whole =
      report.before.num_problems() == report.before.num_derived_problems();
  if (report.before.ok() || !store_is_whole) return report;
  RETURN_IF_ERROR(MoveAside(folder, report));
  RETURN_IF_ERROR(Rebuild(folder, report));
  ASSIGN_OR_RETURN(report.after, VerifyDirectory(folder));
  return report;
}

}  // namespace likeness
