// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_HNSW_BUILD_H_
#define LIKENESS_ENGINE_INDEX_HNSW_BUILD_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "engine/core/bitmap.h"
#include "engine/index/hnsw_graph.h"

namespace faiss {
struct HNSW;
}  // namespace faiss

namespace likeness {

struct HnswBuildJob {
  const float* rows = nullptr;  // `count` x `dimensions`, row-major.
  size_t count = 0;
  size_t dimensions = 0;
  int m = 32;
  int ef_construction = 100;
  int threads = 1;
  // Rows that get no links; not the first one. nullptr: none.
  const Bitmap* left_out = nullptr;
  // Called before every insertion, by the building threads; false cancels.
  std::function<bool()> pace;
};

// Has FAISS insert the rows into a graph by their inner product, level by
// level from the highest as its own index does, so that a build can be slowed
// down and cancelled. With one thread the same rows give the same graph.
// CANCELLED; RESOURCE_EXHAUSTED without memory; INTERNAL with what FAISS says.
absl::StatusOr<HnswArrays> BuildHnsw(const HnswBuildJob& job);

// The graph that FAISS built over `nodes` > 0 nodes. Nodes in `left_out` stay
// off the levels above 0.
HnswArrays ExportHnsw(const faiss::HNSW& hnsw, size_t nodes,
                      const Bitmap* left_out = nullptr);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_HNSW_BUILD_H_
