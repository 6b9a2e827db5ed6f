#include "engine/index/search_plan.h"

namespace likeness {
namespace {

constexpr uint64_t kScoredPerCandidate = 25;

// Time of a vector that a walk compares, in vectors scored in order: a walk
// waits for memory, and looks at links.
constexpr size_t kWalkCost = 2;

// Time of a list's centroid that is compared, and of an entry of a list that is
// held against a filter, in vectors scored in order.
constexpr double kCentroidTime = 0.3;
constexpr double kPassTime = 0.1;
// Of a vector that is scored here and there.
constexpr double kRescoreTime = 2;

double Share(size_t rows, size_t allowed) {
  return static_cast<double>(allowed) / static_cast<double>(rows);
}

}  // namespace

uint64_t ExpectedWalk(size_t ef) { return kScoredPerCandidate * ef; }

uint64_t LongestWalk(size_t allowed) { return allowed / kWalkCost; }

bool PrefersExact(size_t allowed, size_t ef) {
  return ExpectedWalk(ef) >= LongestWalk(allowed);
}

bool ComparesHidden(size_t rows, size_t allowed) { return allowed >= rows / 2; }

bool PrefersExactToLists(size_t rows, size_t allowed, const ListsPlan& plan) {
  const auto entries = static_cast<double>(plan.entries);
  const double compared =
      ComparesHidden(rows, allowed) ? entries : entries * Share(rows, allowed);
  const double time = static_cast<double>(plan.lists) * kCentroidTime +
                      entries * kPassTime + compared * plan.entry_time +
                      static_cast<double>(plan.rescored) * kRescoreTime;
  return static_cast<double>(allowed) <= time;
}

}  // namespace likeness
