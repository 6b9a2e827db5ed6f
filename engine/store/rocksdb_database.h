#ifndef LIKENESS_ENGINE_STORE_ROCKSDB_DATABASE_H_
#define LIKENESS_ENGINE_STORE_ROCKSDB_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/store/database.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace likeness {

// Database::Open on a file system of the caller's (borrowed, must outlive the
// database), so that tests can let writes fail. LOCK and FORMAT stay on the
// system's.
absl::StatusOr<std::unique_ptr<Database>> OpenDatabaseOn(
    rocksdb::Env* env, const std::string& folder, bool create);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ROCKSDB_DATABASE_H_
