// A navigable small world graph in layers (Malkov and Yashunin, "Efficient and
// robust approximate nearest neighbor search using Hierarchical Navigable Small
// World graphs", 2018) in the form that is searched and stored. Private to
// engine/index.
#ifndef LIKENESS_ENGINE_INDEX_HNSW_GRAPH_H_
#define LIKENESS_ENGINE_INDEX_HNSW_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace likeness {

// Ends a list of links that is shorter than its place.
inline constexpr uint32_t kNoLink = 0xffffffff;

// Of one node on one level.
inline constexpr size_t kMaxLinks = 256;

// Nodes are numbered as the rows are. Nothing here owns what it shows.
struct HnswGraph {
  // A level above 0 has few of the nodes, so it numbers its own: a *slot*.
  struct Level {
    absl::Span<const uint32_t> nodes;  // By slot.
    absl::Span<const uint32_t> below;  // By slot: its slot one level below.
    absl::Span<const uint32_t> links;  // m slots for each slot.
  };

  absl::Span<const uint32_t> Links(uint32_t node) const {
    return links.subspan(size_t{node} * width, width);
  }

  size_t width = 0;                  // 2 m.
  size_t m = 0;                      // Links of a node above level 0.
  absl::Span<const uint32_t> links;  // Level 0: width nodes for each node.
  std::vector<Level> levels;         // Level 1 first.
  uint32_t entry = 0;  // Slot of the highest level; a node if there is none.
};

// A graph's numbers as they are stored: `links` as in HnswGraph; `levels` is
// the number of levels above 0 and, for each, level 1 first, the number of its
// slots, then nodes, below and links.
struct HnswArrays {
  std::vector<uint32_t> links;
  std::vector<uint32_t> levels;
  uint32_t entry = 0;
};

// Shows stored numbers as a graph of `nodes` nodes. DATA_LOSS when a number
// points nowhere, so that a walk over what this returns stays inside.
absl::StatusOr<HnswGraph> ViewHnswGraph(size_t nodes, size_t m, uint32_t entry,
                                        absl::Span<const uint32_t> links,
                                        absl::Span<const uint32_t> levels);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_HNSW_GRAPH_H_
