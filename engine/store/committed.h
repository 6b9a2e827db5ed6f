#ifndef LIKENESS_ENGINE_STORE_COMMITTED_H_
#define LIKENESS_ENGINE_STORE_COMMITTED_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/store/mutation.h"

namespace likeness {

// What one operation did.
struct Applied {
  uint64_t op_id = 0;
  // The operation whose row this one made obsolete.
  std::optional<uint64_t> replaced_op_id;
};

// What a group of writes came to.
struct Committed {
  std::vector<WriteResult> results;  // One for each write.
  // The operations in the order of their ids, and what each did. Puts and
  // deletes alone: a patch has become the put of a whole item with its vectors.
  // Items have the store's own fields (op_id, times).
  std::vector<Mutation> mutations;
  std::vector<Applied> applied;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_COMMITTED_H_
