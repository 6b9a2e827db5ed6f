#include "engine/index/hnsw_graph.h"

#include <algorithm>

#include "absl/status/status.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kMaxLevels = 64;

absl::Status Broken() {
  return absl::DataLossError("points outside the graph");
}

// Takes numbers from the front of a list.
class NumberReader {
 public:
  explicit NumberReader(absl::Span<const uint32_t> numbers)
      : numbers_(numbers) {}

  bool done() const { return numbers_.empty(); }

  absl::StatusOr<absl::Span<const uint32_t>> Take(size_t count) {
    if (count > numbers_.size()) return Broken();
    const auto taken = numbers_.first(count);
    numbers_.remove_prefix(count);
    return taken;
  }

  absl::StatusOr<size_t> TakeOne() {
    ASSIGN_OR_RETURN(const auto taken, Take(1));
    return size_t{taken.front()};
  }

 private:
  absl::Span<const uint32_t> numbers_;
};

bool AllBelow(absl::Span<const uint32_t> numbers, size_t end) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [end](uint32_t number) { return number < end; });
}

// One past the largest link is compared, which turns "none" into 0.
bool LinksBelow(absl::Span<const uint32_t> links, size_t end) {
  uint32_t largest = 0;
  for (const uint32_t link : links) largest = std::max(largest, link + 1);
  return largest <= end;
}

}  // namespace

absl::StatusOr<HnswGraph> ViewHnswGraph(size_t nodes, size_t m, uint32_t entry,
                                        absl::Span<const uint32_t> links,
                                        absl::Span<const uint32_t> levels) {
  if (2 * m > kMaxLinks) return Broken();
  HnswGraph graph;
  graph.m = m;
  graph.width = 2 * m;
  graph.links = links;
  graph.entry = entry;
  if (links.size() != nodes * graph.width || !LinksBelow(links, nodes)) {
    return Broken();
  }
  NumberReader reader(levels);
  ASSIGN_OR_RETURN(const size_t count, reader.TakeOne());
  if (count > kMaxLevels) return Broken();
  size_t below = nodes;
  for (size_t i = 0; i < count; ++i) {
    HnswGraph::Level& level = graph.levels.emplace_back();
    ASSIGN_OR_RETURN(const size_t slots, reader.TakeOne());
    ASSIGN_OR_RETURN(level.nodes, reader.Take(slots));
    ASSIGN_OR_RETURN(level.below, reader.Take(slots));
    ASSIGN_OR_RETURN(level.links, reader.Take(slots * m));
    if (!AllBelow(level.nodes, nodes) || !AllBelow(level.below, below) ||
        !LinksBelow(level.links, slots)) {
      return Broken();
    }
    below = slots;
  }
  if (entry >= below || !reader.done()) return Broken();
  return graph;
}

}  // namespace likeness
