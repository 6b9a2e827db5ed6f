// Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_BEST_OF_GROUPS_H_
#define LIKENESS_ENGINE_COLLECTION_BEST_OF_GROUPS_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/collection/match.h"

namespace likeness {

// The best match of each of the best groups, of all matches that are offered,
// in whatever order and however often. Not thread-safe.
class BestOfGroups {
 public:
  // `capacity` > 0.
  explicit BestOfGroups(size_t capacity) : capacity_(capacity) {}

  bool full() const { return best_.size() == capacity_; }

  // How similar the worst group is. Requires full().
  float bar() const { return best_.rbegin()->first.similarity; }

  // Whether the group's best is more similar than that.
  bool Beats(float similarity, uint64_t group) const {
    const auto known = of_group_.find(group);
    return known != of_group_.end() && known->second.similarity > similarity;
  }

  void Offer(const Match& match, uint64_t group);

  // Best first. Leaves nothing behind.
  std::vector<Match> Take();

 private:
  struct IsBefore {
    bool operator()(const std::pair<Match, uint64_t>& a,
                    const std::pair<Match, uint64_t>& b) const {
      return IsBetter(a.first, b.first);
    }
  };

  const size_t capacity_;
  std::set<std::pair<Match, uint64_t>, IsBefore> best_;
  absl::flat_hash_map<uint64_t, Match> of_group_;  // The same by group.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_BEST_OF_GROUPS_H_
