#include "engine/index/search_plan.h"

#include <algorithm>
#include <cmath>

#include "engine/index/vector_index.h"

namespace likeness {
namespace {

constexpr double kScoredPerCandidate = 25;

// Time of a vector that a walk compares, in vectors scored in order: a walk
// waits for memory, and looks at links.
constexpr size_t kWalkCost = 2;

// An even filter lets a walk pass ef / share nodes, give or take a tenth.
constexpr double kUneven = 2;
constexpr size_t kPastHidden = 16;

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

size_t FilteredEf(size_t rows, size_t allowed, size_t ef) {
  const double widened = static_cast<double>(ef) * (2 - Share(rows, allowed));
  return static_cast<size_t>(std::ceil(widened));
}

uint64_t ExpectedWalk(size_t rows, size_t allowed, size_t ef) {
  if (allowed == 0) return rows;
  const double scored =
      kScoredPerCandidate * static_cast<double>(ef) / Share(rows, allowed);
  return static_cast<uint64_t>(std::min(scored, static_cast<double>(rows)));
}

size_t EfPastHidden(size_t rows, size_t allowed, size_t ef, size_t passed) {
  const double even = static_cast<double>(ef) / Share(rows, allowed);
  if (static_cast<double>(passed) <= kUneven * even) return ef;
  return std::max(
      ef, std::min(kPastHidden * ef, static_cast<size_t>(kMaxEfSearch)));
}

uint64_t LongestWalk(size_t allowed) { return allowed / kWalkCost; }

bool PrefersExact(size_t rows, size_t allowed, size_t ef) {
  return ExpectedWalk(rows, allowed, ef) >= LongestWalk(allowed);
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
