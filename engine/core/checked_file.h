// Files that tell whether they are what was written: an 8-byte magic, the size
// of the contents and their Checksum64 (both 8 bytes, little-endian), the
// contents.
#ifndef LIKENESS_ENGINE_CORE_CHECKED_FILE_H_
#define LIKENESS_ENGINE_CORE_CHECKED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

inline constexpr size_t kMagicBytes = 8;

// Replaces `path` as WriteFileDurably does. `magic` has kMagicBytes bytes.
absl::Status WriteCheckedFile(const std::string& path, absl::string_view magic,
                              absl::string_view contents);

// The contents of a file of at most `max_bytes` in all. Errors as ReadFile;
// DATA_LOSS (reason CORRUPT_DATA) says what is wrong with which file.
absl::StatusOr<std::string> ReadCheckedFile(const std::string& path,
                                            absl::string_view magic,
                                            uint64_t max_bytes);

// DATA_LOSS (reason CORRUPT_DATA): "`path`: `why`".
absl::Status DamagedFile(const std::string& path, absl::string_view why);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_CHECKED_FILE_H_
