// Rows that equal an earlier row. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_TWINS_H_
#define LIKENESS_ENGINE_INDEX_TWINS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/bitmap.h"

namespace likeness {

// A graph in which thousands of equal vectors are nodes has no way out of them:
// the links of each lead to the others. So only the first of equal rows gets
// links; the rest are its twins and come along with it. Immutable, thread-safe.
class Twins {
 public:
  Twins() = default;

  // Finds the rows of `count` x `dimensions` floats that equal another.
  // CANCELLED when `pace` (may be null), which is called between steps, is
  // false.
  static absl::StatusOr<Twins> Find(const float* rows, size_t count,
                                    size_t dimensions,
                                    const std::function<bool()>& pace);

  // From stored() of twins of `count` rows. DATA_LOSS when it is no such list.
  static absl::StatusOr<Twins> Make(std::vector<uint32_t> stored, size_t count);

  // Pairs (first of equal rows, another of them), rising.
  absl::Span<const uint32_t> stored() const { return stored_; }

  bool empty() const { return stored_.empty(); }

  // Rows that are twins of an earlier one.
  size_t count() const { return stored_.size() / 2; }

  // Of memory.
  size_t bytes() const {
    return stored_.size() * sizeof(uint32_t) + 2 * later_.size() / 8;
  }

  // Which those are: they have no links.
  const Bitmap& later() const { return later_; }

  // Calls visit(row) for `node`, which is no twin of an earlier row, and then
  // for its twins, until one returns true; says whether one did.
  template <typename Visit>
  bool AnyOf(uint32_t node, Visit visit) const {
    if (visit(node)) return true;
    if (empty() || !has_twins_.Test(node)) return false;
    for (size_t i = FirstPair(node); i < stored_.size() && stored_[i] == node;
         i += 2) {
      if (visit(stored_[i + 1])) return true;
    }
    return false;
  }

 private:
  explicit Twins(std::vector<uint32_t> stored, size_t count);

  size_t FirstPair(uint32_t node) const;

  std::vector<uint32_t> stored_;
  Bitmap later_;
  Bitmap has_twins_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_TWINS_H_
