// How an index file is put together. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_INDEX_FILE_JOB_H_
#define LIKENESS_ENGINE_INDEX_INDEX_FILE_JOB_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/index/index_file.h"
#include "engine/index/memory_region.h"
#include "engine/index/sealed_index.h"

namespace likeness {

// What the sections behind the rows are made of, and what is known so far. Not
// thread-safe.
struct IndexFileJob {
  // Borrows `build_params` and `build_pace`.
  IndexFileJob(const IndexRows& source, const IndexBuildParams& build_params,
               const BuildPace& build_pace);

  // CANCELLED when `pace` says so.
  absl::Status CheckPace() const;

  const float* Row(size_t row) const {
    return rows.As<float>().data() + row * width;
  }

  const IndexBuildParams& params;
  const BuildPace& pace;
  const size_t count;
  const size_t width;  // Dimensions.
  MemoryRegion rows;   // All of them, but for a flat index.
  IndexFileInfo info;
};

// Stands in a list of places for a row that has none.
inline constexpr uint32_t kNoPlace = 0xffffffff;

// The rows in the form of params.code; empty for kFloat32. Row i comes to
// places[i] of `codes` places, or nowhere; without `places`, to place i.
// CANCELLED.
absl::StatusOr<MemoryRegion> EncodeRows(IndexFileJob& job, size_t codes,
                                        absl::Span<const uint32_t> places);

// What an index is tuned with when it is built.
absl::StatusOr<std::vector<float>> TuneQueries(const SealedIndex& index);

// All sections behind the rows of an HNSW and an IVF index.
absl::Status AppendGraph(IndexFileJob& job, IndexFileWriter& file);
absl::Status AppendLists(IndexFileJob& job, IndexFileWriter& file);

// The bytes of `numbers` as they lie in memory.
template <typename T>
absl::string_view BytesOf(absl::Span<const T> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()),
          numbers.size() * sizeof(T)};
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_INDEX_FILE_JOB_H_
