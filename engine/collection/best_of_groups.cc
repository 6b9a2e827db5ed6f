#include "engine/collection/best_of_groups.h"

#include <iterator>

namespace likeness {

void BestOfGroups::Offer(const Match& match, uint64_t group) {
  const auto known = of_group_.find(group);
  if (known != of_group_.end()) {
    if (!IsBetter(match, known->second)) return;
    best_.erase({known->second, group});
    known->second = match;
  } else {
    if (full()) {
      const auto worst = std::prev(best_.end());
      if (!IsBetter(match, worst->first)) return;
      of_group_.erase(worst->second);
      best_.erase(worst);
    }
    of_group_.emplace(group, match);
  }
  best_.emplace(match, group);
}

std::vector<Match> BestOfGroups::Take() {
  std::vector<Match> matches;
  matches.reserve(best_.size());
  for (const auto& [match, group] : best_) matches.push_back(match);
  best_.clear();
  of_group_.clear();
  return matches;
}

}  // namespace likeness
