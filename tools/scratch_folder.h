#ifndef LIKENESS_TOOLS_SCRATCH_FOLDER_H_
#define LIKENESS_TOOLS_SCRATCH_FOLDER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace likeness {

// A new folder that goes, with all that is in it, when the object does.
class ScratchFolder {
 public:
  // In `folder`; empty: where the system keeps temporary files.
  static absl::StatusOr<std::unique_ptr<ScratchFolder>> Make(
      const std::string& folder = "");
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SCRATCH_FOLDER_H_
