// How much the results of a collection's two generations have in common.
#ifndef LIKENESS_ENGINE_COLLECTION_OVERLAP_H_
#define LIKENESS_ENGINE_COLLECTION_OVERLAP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/collection/collection.h"
#include "engine/core/space.h"

namespace likeness {

struct OverlapOptions {
  int sample = 200;  // Items to ask for, 1..100'000.
  int k = 10;        // Results of each, 1..1'000.
  int worst = 5;     // Examples to keep, 0..1'000.
  uint64_t seed = 1;

  absl::Status Validate() const;
};

// What two collections answer to "what is like this item?". The item itself is
// in no answer.
struct OverlapExample {
  std::string id;
  double overlap = 0;               // Below.
  std::vector<std::string> before;  // Ids, the most alike first.
  std::vector<std::string> after;
};

// The overlap of one query is the share of results that both have: the number
// of items in both, by that of the longer answer; 1 where both are empty. 0..1.
struct SpaceOverlap {
  Space space = Space::kSimilar;
  uint64_t queries = 0;
  double mean = 0;
  double lowest_tenth = 0;  // One query in ten has this overlap or a lower one.
  double same_first = 0;    // Share of the queries with the same first result.
  std::vector<OverlapExample> worst;  // The lowest first.
};

// Asks both for items that are alike to those of a random sample of `after`'s
// items (with vectors in both; the same for a seed), exactly, in each space
// that both have. Without such a space, or such items: an empty answer.
// `still_wanted` (may be null) is asked before each item; its error ends it.
absl::StatusOr<std::vector<SpaceOverlap>> MeasureOverlap(
    const Collection& before, const Collection& after,
    const OverlapOptions& options,
    const std::function<absl::Status()>& still_wanted = nullptr);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_OVERLAP_H_
