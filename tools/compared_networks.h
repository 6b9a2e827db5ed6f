#ifndef LIKENESS_TOOLS_COMPARED_NETWORKS_H_
#define LIKENESS_TOOLS_COMPARED_NETWORKS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"
#include "engine/evaluate/describe.h"

namespace likeness {

struct ComparedNetworksOptions {
  std::string model;   // As --model names it.
  std::string frozen;  // The ImageNet bundle; empty: the installed one.
  Space space = Space::kSimilar;
  int workers = 0;
  uint64_t seed = 1;  // Of the random network.
};

// The networks of an evaluation, and what runs them. Movable.
struct ComparedNetworks {
  std::vector<NetworkDescriptor> networks;  // The model first.
  std::vector<std::unique_ptr<Embedder>> embedders;
};

// The model, a random network of its architecture, and the frozen ImageNet
// trunk with its pooling, whole and reduced to the model's dimensions. A frozen
// trunk that was not asked for and is not there is left out with a line on
// standard error.
absl::StatusOr<ComparedNetworks> LoadComparedNetworks(
    const ComparedNetworksOptions& options);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_COMPARED_NETWORKS_H_
