// A collection as simple as can be, which the real one is compared with.
#ifndef LIKENESS_TESTS_UNIT_COLLECTION_NAIVE_COLLECTION_H_
#define LIKENESS_TESTS_UNIT_COLLECTION_NAIVE_COLLECTION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/core/metadata.h"
#include "engine/core/space.h"
#include "engine/filter/filter.h"
#include "engine/store/mutation.h"

namespace likeness::testing {

struct NaiveItem {
  uint64_t op_id = 0;
  Metadata metadata;
  ItemVectors vectors;
  std::optional<absl::Time> expires;
  Metadata fields;  // The metadata and item.id, as filters see them.
};

// Cosine of two vectors that are not zero, in double precision.
double NaiveCosine(absl::Span<const float> a, absl::Span<const float> b);

// The largest cosine of one of `queries` and one of `vectors`; of both, those
// of `dimensions` stand behind each other.
double NaiveNearest(const std::vector<float>& queries,
                    const std::vector<float>& vectors, int dimensions);

// Copyable; not thread-safe.
class NaiveCollection {
 public:
  // What `write` comes to; nullopt, and no change: it is refused.
  std::optional<std::vector<Outcome>> Apply(const AtomicWrite& write);

  // Deletes the first `limit` items to expire of those that did at `now`; how
  // many there were.
  uint64_t Sweep(absl::Time now, int limit);

  // How near each item is to the nearest of `queries` that has vectors in
  // `space`, of `dimensions`, and passes `filter` (nullptr: all do).
  std::map<std::string, double> Similarities(Space space,
                                             const std::vector<float>& queries,
                                             int dimensions,
                                             const Filter* filter) const;

  const std::map<std::string, NaiveItem>& items() const { return items_; }
  uint64_t last_op_id() const { return last_op_id_; }

 private:
  std::optional<Outcome> Apply(const Mutation& mutation);

  std::map<std::string, NaiveItem> items_;
  uint64_t last_op_id_ = 0;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_COLLECTION_NAIVE_COLLECTION_H_
