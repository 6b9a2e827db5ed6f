#ifndef LIKENESS_TESTS_UNIT_COLLECTION_RANDOM_OPERATIONS_H_
#define LIKENESS_TESTS_UNIT_COLLECTION_RANDOM_OPERATIONS_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engine/core/metadata.h"
#include "engine/core/space.h"
#include "engine/filter/filter.h"
#include "engine/store/mutation.h"
#include "tests/unit/collection/naive_collection.h"

namespace likeness::testing {

inline constexpr uint64_t kRandomIds = 250;

// Random writes and filters for collections of TestSpec; they follow from the
// seed, and from what `model` (borrowed) has: some are to change nothing, or to
// be refused. Not thread-safe.
class RandomOperations {
 public:
  RandomOperations(uint64_t seed, const NaiveCollection& model)
      : random_(seed), model_(model) {}

  uint64_t Below(uint64_t n) { return random_() % n; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  std::string RandomId();
  Space RandomSpace() { return OneIn(2) ? Space::kSimilar : Space::kCopy; }
  std::vector<float> RandomQuery(Space space);

  Mutation RandomPut(const std::string& id);
  Mutation RandomMutation();
  // Over the fields of FirstPut.
  Filter RandomFilter();

  // An item that has every field there is: a filter may name them as long as it
  // stays.
  Mutation FirstPut();

 private:
  Metadata RandomMetadata();

  std::mt19937_64 random_;
  const NaiveCollection& model_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_COLLECTION_RANDOM_OPERATIONS_H_
