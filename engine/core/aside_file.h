#ifndef LIKENESS_ENGINE_CORE_ASIDE_FILE_H_
#define LIKENESS_ENGINE_CORE_ASIDE_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

// A file that appears under its name only when it is whole, and then for good:
// written beside it, synced, renamed, and its folder synced. After a crash the
// old or the new file is there. Destroyed before Commit, it leaves nothing. Not
// thread-safe.
class AsideFile {
 public:
  // A link's target is replaced, not the link. FAILED_PRECONDITION when `named`
  // is there and no regular file; NOT_FOUND, PERMISSION_DENIED and the like
  // come from the system.
  static absl::StatusOr<std::unique_ptr<AsideFile>> Create(
      const std::string& named);
  ~AsideFile();
  AsideFile(const AsideFile&) = delete;
  AsideFile& operator=(const AsideFile&) = delete;

  absl::Status Append(absl::string_view bytes);
  // Replaces what stands at the start of the file.
  absl::Status Overwrite(absl::string_view bytes);
  // A descriptor, the caller's to close, that reads what was appended so far.
  absl::StatusOr<int> OpenForReading();
  absl::Status Commit();

 private:
  AsideFile(std::string path, std::string aside, int descriptor);
  absl::Status Flush();
  absl::Status Error(absl::string_view doing) const;

  const std::string path_;
  const std::string aside_;
  int descriptor_;
  uint64_t written_ = 0;  // Bytes of the file; more wait in the buffer.
  std::string buffer_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_ASIDE_FILE_H_
