#ifndef LIKENESS_ENGINE_COLLECTION_REPAIR_DIRECTORY_H_
#define LIKENESS_ENGINE_COLLECTION_REPAIR_DIRECTORY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/store/verify_report.h"

namespace likeness {

// What a repair found and did.
struct RepairReport {
  // Files that were damaged, and where they are now.
  struct Moved {
    std::string from;
    std::string to;
  };

  VerifyReport before;
  std::vector<Moved> moved;
  std::vector<GenerationName> rebuilt;
  std::optional<VerifyReport> after;  // When there was anything to do.

  // The directory is whole now.
  bool ok() const { return after.has_value() ? after->ok() : before.ok(); }
};

// Verifies the data directory `folder`, and derives anew from the store what
// is damaged and can be: the sealed segments of collections, both generations
// of one whose model is being changed. Damaged ones are moved to the folder
// `damaged` of the directory first; nothing is deleted. When the store itself
// is damaged nothing at all is changed: it is the truth, and a snapshot has it.
//
// Doing it again changes nothing. Errors as VerifyDirectory;
// FAILED_PRECONDITION for a snapshot; the system's errors of moving and
// writing.
absl::StatusOr<RepairReport> RepairDirectory(const std::string& folder);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_REPAIR_DIRECTORY_H_
