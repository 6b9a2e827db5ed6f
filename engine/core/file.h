// Whole-file reads and durable whole-file writes.
#ifndef LIKENESS_ENGINE_CORE_FILE_H_
#define LIKENESS_ENGINE_CORE_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

// Reads the regular file at `path`, at most `max_bytes` of it. NOT_FOUND,
// PERMISSION_DENIED and the like come from the system; FAILED_PRECONDITION for
// anything that is not a regular file (a pipe would block for ever);
// RESOURCE_EXHAUSTED (reason LIMIT_EXCEEDED) when the file is larger, found
// from its size before anything is read.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t max_bytes);

// Replaces `path` by `contents` so that after a crash the old or the new file
// is there, whole: temporary file beside it, fsync, rename, fsync of the
// folder.
absl::Status WriteFileDurably(const std::string& path,
                              absl::string_view contents);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_FILE_H_
