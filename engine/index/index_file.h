// The file of a sealed index: a header that names sections, and the sections,
// each with its checksum. docs/storage_format.md describes every byte. Private
// to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_INDEX_FILE_H_
#define LIKENESS_ENGINE_INDEX_INDEX_FILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/aside_file.h"
#include "engine/core/checksum.h"
#include "engine/index/memory_region.h"

namespace likeness {

// The parts of a file. The values are stored: append only.
enum class IndexSection : uint32_t {
  kRows = 0,       // Vectors as float32.
  kCodes = 1,      // Vectors in the form that is searched.
  kLinks = 2,      // Level 0 of the graph.
  kLevels = 3,     // The levels above it.
  kTwins = 4,      // Rows that equal another.
  kTuning = 5,     // How much effort a recall takes.
  kLists = 6,      // Which rows are in which list.
  kCentroids = 7,  // What the rows of a list are near to.
  kReach = 8,      // How much effort it takes past what a filter hides.
};
inline constexpr size_t kNumIndexSections = 9;

// "rows", "codes", ...
absl::string_view IndexSectionName(IndexSection section);

// What an index file says of itself. Stored as it lies in memory.
struct IndexFileInfo {
  uint32_t kind = 0;  // IndexKind.
  uint32_t code = 0;  // VectorCode.
  uint64_t rows = 0;
  uint32_t dimensions = 0;
  uint32_t m = 0;  // Of a graph; of lists, how many were asked for.
  uint32_t ef_construction = 0;
  uint32_t entry = 0;
  float max_norm = 0;   // Length of the longest row.
  float code_step = 0;  // Of kInt8: what a code of 1 stands for.
};

// Writes one file. Destroyed before Commit, it leaves nothing.
class IndexFileWriter {
 public:
  static absl::StatusOr<std::unique_ptr<IndexFileWriter>> Create(
      const std::string& path);

  // Each section once, in any order; those left out are empty.
  absl::Status Append(IndexSection section, absl::string_view bytes);

  // The same in pieces: what is added from now on belongs to `section`.
  absl::Status Start(IndexSection section);
  absl::Status Add(absl::string_view bytes);

  // What `section` has so far, mapped from the file.
  absl::StatusOr<MemoryRegion> Map(IndexSection section);

  // Everything is on the disk, under the file's name, when this returns.
  absl::Status Commit(const IndexFileInfo& info);

 private:
  struct Place {
    uint64_t offset = 0;
    uint64_t bytes = 0;
    uint64_t checksum = 0;
  };
  friend class IndexFile;

  explicit IndexFileWriter(std::unique_ptr<AsideFile> file);
  Place& current() { return places_[static_cast<size_t>(section_)]; }
  absl::Status Finish();

  const std::unique_ptr<AsideFile> file_;
  uint64_t end_ = 0;
  IndexSection section_ = IndexSection::kRows;  // The current one.
  RunningChecksum checksum_;                    // Of it.
  std::array<Place, kNumIndexSections> places_{};
};

// An opened file whose header is sound. Thread-safe.
class IndexFile {
 public:
  // DATA_LOSS (reason CORRUPT_DATA) names the file and what is wrong with it:
  // no index file, a damaged header, or another length than the header says.
  // FAILED_PRECONDITION for a format version that is newer than this program.
  static absl::StatusOr<std::unique_ptr<IndexFile>> Open(
      const std::string& path);
  ~IndexFile();
  IndexFile(const IndexFile&) = delete;
  IndexFile& operator=(const IndexFile&) = delete;

  const IndexFileInfo& info() const { return info_; }

  // A section of `bytes` bytes, DATA_LOSS if it has another size. Load reads it
  // into memory and holds it against its checksum; Map does so only when
  // `verify` is set, which reads all of it.
  absl::StatusOr<MemoryRegion> Load(IndexSection section, uint64_t bytes) const;
  absl::StatusOr<MemoryRegion> Map(IndexSection section, uint64_t bytes,
                                   bool verify) const;

  // The bytes that the header says `section` has.
  uint64_t SizeOf(IndexSection section) const;

  // DATA_LOSS that names the file and `section`.
  absl::Status Damaged(IndexSection section, absl::string_view what) const;

 private:
  using Place = IndexFileWriter::Place;

  IndexFile(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  absl::Status ReadHeader();
  absl::Status CheckPlaces() const;
  absl::Status Damaged(absl::string_view what) const;
  absl::StatusOr<Place> Find(IndexSection section, uint64_t bytes) const;
  absl::Status Read(uint64_t offset, size_t bytes, char* out) const;

  const std::string path_;
  const int descriptor_;
  IndexFileInfo info_;
  std::array<Place, kNumIndexSections> places_{};
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_INDEX_FILE_H_
