// An inverted file of vectors (Jegou, Douze and Schmid, "Product quantization
// for nearest neighbor search", 2011, section IV, without the product
// quantizer) in the form that is searched and stored. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_IVF_LISTS_H_
#define LIKENESS_ENGINE_INDEX_IVF_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace likeness {

// Rows sorted into lists: each into that of the centroid that is most like it.
// An *entry* is a place in a list; entries are numbered through all lists.
// Immutable, thread-safe. Borrows the numbers that it shows.
class IvfLists {
 public:
  IvfLists() = default;

  // Shows stored numbers as lists of some of `rows` rows: how many lists there
  // are, how many entries each has, and the row of each entry. DATA_LOSS when a
  // number points nowhere.
  static absl::StatusOr<IvfLists> View(size_t rows,
                                       absl::Span<const uint32_t> numbers);

  size_t count() const { return begins_.size() - 1; }

  // Entries in all lists.
  size_t size() const { return rows_.size(); }

  // The entries of `list` are begin(list) to begin(list + 1) - 1.
  size_t begin(size_t list) const { return begins_[list]; }
  size_t end(size_t list) const { return begins_[list + 1]; }

  uint32_t RowOf(size_t entry) const { return rows_[entry]; }

  // Of memory, but for the numbers.
  size_t bytes() const { return begins_.size() * sizeof(uint32_t); }

 private:
  std::vector<uint32_t> begins_ = {0};
  absl::Span<const uint32_t> rows_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_IVF_LISTS_H_
