// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_SEALED_HNSW_H_
#define LIKENESS_ENGINE_INDEX_SEALED_HNSW_H_

#include <memory>

#include "engine/index/hnsw_graph.h"
#include "engine/index/memory_region.h"
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
  TuningTable tuning;
};

std::unique_ptr<SealedIndex> MakeSealedHnsw(HnswParts parts);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEALED_HNSW_H_
