#include "engine/store/rocksdb_database.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/store/rocksdb_catalog.h"
#include "engine/store/rocksdb_handle.h"
#include "rocksdb/version.h"

namespace likeness {

absl::StatusOr<std::unique_ptr<Database>> OpenDatabaseOn(
    rocksdb::Env* env, const std::string& folder, bool create) {
  ASSIGN_OR_RETURN(auto data_folder, DataFolder::Open(folder, create));
  ASSIGN_OR_RETURN(auto handle,
                   RocksDbHandle::Open(std::move(data_folder), env));
  auto catalog = std::make_unique<RocksDbCatalog>(std::move(handle));
  RETURN_IF_ERROR(catalog->Load());
  return catalog;
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const std::string& folder, bool create) {
  return OpenDatabaseOn(nullptr, folder, create);
}

std::string RocksDbVersion() {
  return absl::StrCat(ROCKSDB_MAJOR, ".", ROCKSDB_MINOR, ".", ROCKSDB_PATCH);
}

}  // namespace likeness
