#include "engine/collection/verify_directory.h"

#include "engine/collection/verify_index.h"
#include "engine/store/verify_database.h"

namespace likeness {

absl::StatusOr<VerifyReport> VerifyDirectory(const std::string& folder) {
  return VerifyDatabase(folder, VerifyIndex);
}

}  // namespace likeness
