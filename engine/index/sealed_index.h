// Indexes that are built once, into a file, and then only searched. What is
// searched is what lies on the disk.
#ifndef LIKENESS_ENGINE_INDEX_SEALED_INDEX_H_
#define LIKENESS_ENGINE_INDEX_SEALED_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/index_options.h"
#include "engine/index/vector_index.h"

namespace likeness {

// How an index is built.
struct IndexBuildParams {
  IndexKind kind = IndexKind::kHnsw;
  VectorCode code = VectorCode::kFloat32;  // kFloat32 for a flat index.
  // Of a graph: links of a node, kMinGraphM..kMaxGraphM; twice as many on level
  // 0.
  int m = 32;
  // Of a graph: candidates that an insertion keeps, 1..kMaxEfConstruction.
  int ef_construction = 100;
  // Of an IVF index, 1..kMaxIvfLists, but never more than different vectors; 0:
  // as many as suit their number (ivf_build.h).
  int lists = 0;
  int threads = 1;  // 1..256. With one the same rows give the same file.

  // INVALID_ARGUMENT names the parameter that is out of range.
  absl::Status Validate() const;
};

// Whether both make the same of the same rows, but for the order of threads.
bool MakeTheSame(const IndexBuildParams& a, const IndexBuildParams& b);

// An index that was built once.
class SealedIndex : public VectorIndex {
 public:
  // How; `threads` is not known any more, and 1.
  virtual IndexBuildParams build_params() const = 0;

  // Lists that there are; 0 of any other kind.
  virtual size_t lists() const { return 0; }
};

// The vectors to build from.
struct IndexRows {
  size_t count = 0;  // 1 to 2^31 - 1.
  int dimensions = 0;
  // Sets `out` (a multiple of `dimensions` floats) to the vectors from row
  // `first` on. Called in order, from one thread.
  std::function<absl::Status(size_t first, absl::Span<float> out)> read;
};

// Called between small steps by the building threads, also at the same time: it
// may sleep, which slows the build down; false cancels it.
using BuildPace = std::function<bool()>;

// How often BuildIndexFile calls its `pace` for so many rows, about: for who
// shows how far it has come.
size_t BuildSteps(const IndexBuildParams& params, size_t rows);

// Builds an index over `rows` and writes it to `path`, where it appears whole,
// synced to the disk, or not at all. Needs the float32 vectors and the graph in
// memory while it runs; an IVF index the codes, the lists and a sample of the
// vectors; a flat one nothing. CANCELLED when `pace` says so, errors of
// `rows.read` as they are, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, and the
// system's errors of writing.
absl::Status BuildIndexFile(const IndexRows& rows,
                            const IndexBuildParams& params,
                            const std::string& path,
                            const BuildPace& pace = nullptr);

struct IndexOpenOptions {
  // Leave float32 vectors that a search compares in the file, mapped, instead
  // of loading them: starts at once, and is slower until the system has read
  // them.
  bool map_rows = false;
  // Hold what is only mapped against its checksum too, which reads all of it.
  // What is loaded is always checked.
  bool verify_mapped = true;
};

// Opens a file that BuildIndexFile wrote. The index keeps the file's contents,
// also when its name is removed. DATA_LOSS (reason CORRUPT_DATA) names file and
// section; FAILED_PRECONDITION when the file's format is newer than the
// program.
absl::StatusOr<std::unique_ptr<SealedIndex>> OpenIndexFile(
    const std::string& path, const IndexOpenOptions& options = {});

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEALED_INDEX_H_
