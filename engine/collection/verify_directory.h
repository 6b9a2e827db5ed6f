#ifndef LIKENESS_ENGINE_COLLECTION_VERIFY_DIRECTORY_H_
#define LIKENESS_ENGINE_COLLECTION_VERIFY_DIRECTORY_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/store/verify_report.h"

namespace likeness {

// VerifyDatabase, and with it the sealed segments of each collection: every
// checksum; each live item in exactly one of them, with the vectors and fields
// that the store has; nothing else live. Samples the recall of searches, 100 in
// each space, against exact ones.
absl::StatusOr<VerifyReport> VerifyDirectory(const std::string& folder);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VERIFY_DIRECTORY_H_
