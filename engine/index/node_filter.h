// Which nodes a walk over a graph may answer with. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_NODE_FILTER_H_
#define LIKENESS_ENGINE_INDEX_NODE_FILTER_H_

#include <cstdint>

namespace likeness {

// Every node may be in the answer.
struct AllNodes {
  static constexpr bool kFilters = false;
  bool operator()(uint32_t /*node*/) const { return true; }
};

// Those for which `allows` (a function of a node) is true.
template <typename Allows>
struct SomeNodes {
  static constexpr bool kFilters = true;
  bool operator()(uint32_t node) const { return allows(node); }

  const Allows& allows;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_NODE_FILTER_H_
