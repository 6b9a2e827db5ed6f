#include "engine/index/search_plan.h"

#include <algorithm>

namespace likeness {
namespace {

// Vectors that a walk compares for each candidate it keeps, on graphs with
// m = 32.
constexpr double kScoredPerCandidate = 15;

// A vector that a walk compares costs more than one that is scored in order.
constexpr double kWalkCost = 1.5;

}  // namespace

uint64_t ExpectedWalk(size_t rows, size_t allowed, size_t ef) {
  if (allowed == 0) return rows;
  const double share = static_cast<double>(allowed) / static_cast<double>(rows);
  const double scored = kScoredPerCandidate * static_cast<double>(ef) / share;
  return static_cast<uint64_t>(std::min(scored, static_cast<double>(rows)));
}

bool PrefersExact(size_t rows, size_t allowed, size_t ef) {
  const double walk =
      kWalkCost * static_cast<double>(ExpectedWalk(rows, allowed, ef));
  return walk >= static_cast<double>(allowed);
}

}  // namespace likeness
