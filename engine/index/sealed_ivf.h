// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_SEALED_IVF_H_
#define LIKENESS_ENGINE_INDEX_SEALED_IVF_H_

#include <memory>

#include "engine/index/ivf_centroids.h"
#include "engine/index/ivf_lists.h"
#include "engine/index/memory_region.h"
#include "engine/index/reach.h"
#include "engine/index/sealed_flat.h"
#include "engine/index/sealed_index.h"
#include "engine/index/twins.h"

namespace likeness {

// What searched lists are made of.
struct IvfParts {
  SealedRows rows;
  IndexBuildParams built;
  // One code for each entry, in the order of entries, as vector_code.h makes
  // them; empty for kFloat32.
  MemoryRegion codes;
  // `lists` and `centroids` show these, or what the caller keeps.
  MemoryRegion numbers;
  MemoryRegion centroid_codes;
  IvfLists lists;
  IvfCentroids centroids;  // One for each list.
  Twins twins;
  ReachTable tuning;
};

std::unique_ptr<SealedIndex> MakeSealedIvf(IvfParts parts);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEALED_IVF_H_
