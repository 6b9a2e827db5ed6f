// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_SEALED_HNSW_H_
#define LIKENESS_ENGINE_INDEX_SEALED_HNSW_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "engine/index/hnsw_graph.h"
#include "engine/index/memory_region.h"
#include "engine/index/reach.h"
#include "engine/index/sealed_flat.h"
#include "engine/index/sealed_index.h"
#include "engine/index/tuning.h"
#include "engine/index/twins.h"
#include "engine/index/vector_index.h"

namespace likeness {

// What a searched graph is made of.
struct HnswParts {
  SealedRows rows;
  IndexBuildParams built;
  // One code for each row, as vector_code.h makes them; empty for kFloat32.
  MemoryRegion codes;
  // `graph` shows these, or what the caller keeps.
  MemoryRegion links;
  MemoryRegion levels;
  HnswGraph graph;
  Twins twins;
  TuningTable tuning;  // Of searches of all rows.
  ReachTable reach;    // Of those with a filter.
};

// A graph that may be measured.
class SealedHnsw : public SealedIndex {
 public:
  // Of each of `rows`, which are no twins of earlier ones, the least number of
  // candidates, in the steps of NextEffort, with which a walk for `query` comes
  // upon it; kNeverReached when that takes more than kMostReach, or compares
  // more vectors than it takes to score them all.
  virtual std::vector<uint32_t> EffortsToReach(
      const float* query, absl::Span<const Neighbor> rows) const = 0;
};

inline constexpr size_t kLeastReach = 10;
inline constexpr size_t kMostReach = 4096;

std::unique_ptr<SealedHnsw> MakeSealedHnsw(HnswParts parts);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEALED_HNSW_H_
