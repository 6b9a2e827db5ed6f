#include "engine/filter/conjuncts.h"

#include <algorithm>
#include <cstddef>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "engine/filter/filter_value.h"

namespace likeness {

std::vector<Conjunct> ConjunctsOf(const FilterNode& node) {
  std::vector<Conjunct> conjuncts;
  absl::flat_hash_map<absl::string_view, size_t> window_of;
  for (const FilterNode& child : node.children) {
    if (child.kind != FilterNode::Kind::kComparison ||
        !IsOrder(child.comparison.comparator)) {
      conjuncts.push_back({.operand = &child, .window = {}});
      continue;
    }
    const auto [entry, is_new] =
        window_of.try_emplace(child.comparison.field, conjuncts.size());
    if (is_new) conjuncts.emplace_back();
    conjuncts[entry->second].window.push_back(&child.comparison);
  }
  return conjuncts;
}

ListRange SelectWindow(const FieldColumn& column, const Conjunct& window) {
  ListRange range = {0, column.num_values()};
  for (const FilterComparison* const comparison : window.window) {
    const ListRange one =
        column.Select(comparison->comparator, comparison->value);
    range.first = std::max(range.first, one.first);
    range.last = std::min(range.last, one.last);
  }
  return range;
}

}  // namespace likeness
