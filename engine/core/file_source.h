// Walks folders and lists of files.
#ifndef LIKENESS_ENGINE_CORE_FILE_SOURCE_H_
#define LIKENESS_ENGINE_CORE_FILE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace likeness {

// What to do with a file that is named twice: by two paths, a link, or a hard
// link.
enum class Repeats { kSkip, kKeep };

// One file, or what could not be walked.
struct FoundFile {
  std::string path;     // As it was given; below a folder, the folder's + name.
  absl::Status status;  // Not OK: the file or folder can't be listed.
};

// The files under `roots`, in the order of the roots and, within a folder, of
// the names' bytes; a folder's own files and folders are mixed in that order,
// so two walks over the same tree are the same. Links are followed, but never
// to a folder that the walk stands in, so a loop ends. Names that begin with a
// dot are left out inside folders, and taken where they are roots. Anything
// else is handed out, whatever its name: what is a picture shows in its bytes.
//
// One pass, not thread-safe. Keeps the names of the folders it stands in, and
// with Repeats::kSkip 16 bytes and a tree node for each file seen.
class FileSource {
 public:
  FileSource(std::vector<std::string> roots, Repeats repeats);

  // The next file; empty at the end.
  std::optional<FoundFile> Next();

  // Files that were left out so far because they had been handed out before.
  uint64_t repeated() const { return repeated_; }

 private:
  using FileId = std::pair<uint64_t, uint64_t>;  // Device, inode.

  // A folder, or the roots, half way through.
  struct Level {
    FileId id;
    std::string prefix;  // Put before each name.
    std::vector<std::string> names;
    size_t next = 0;
  };

  std::optional<FoundFile> Visit(std::string path);
  absl::Status Enter(const std::string& folder, FileId id);
  bool StandsIn(FileId folder) const;

  const Repeats repeats_;
  std::vector<Level> levels_;
  std::set<FileId> seen_;
  uint64_t repeated_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_FILE_SOURCE_H_
