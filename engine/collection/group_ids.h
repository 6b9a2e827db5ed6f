// Private to engine/collection.
#ifndef LIKENESS_ENGINE_COLLECTION_GROUP_IDS_H_
#define LIKENESS_ENGINE_COLLECTION_GROUP_IDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/collection/view.h"
#include "engine/core/bitmap.h"
#include "engine/filter/field_values.h"

namespace likeness {

// Numbers the groups that the rows of a view form by the value of one field. A
// row that lacks the field is a group of its own; so is every row when there is
// no field to group by. For one search: not thread-safe.
class GroupIds {
 public:
  // Borrows `view`. `field` empty: no field.
  GroupIds(const View& view, const std::string& field);

  // The same number for rows of one group, others for others.
  uint64_t Of(size_t segment, uint32_t row);

  // Sets or clears the bits of the rows of `segment` that are in `group`, which
  // Of gave. Rows behind the last bit are passed over.
  void SetRows(size_t segment, uint64_t group, Bitmap& rows) const;
  void ClearRows(size_t segment, uint64_t group, Bitmap& rows) const;

 private:
  // A run of rows of a segment, with the values that they have.
  struct Run {
    uint32_t first_row = 0;
    FieldValues values;
  };
  // A value as its index numbers it: segment, run, column, number.
  using LocalValue = std::tuple<size_t, size_t, uint32_t, uint32_t>;

  // Those of them below `end`.
  std::vector<size_t> RowsOf(size_t segment, uint64_t group, size_t end) const;

  std::vector<std::vector<Run>> runs_;  // Of each segment, by rising rows.
  absl::flat_hash_map<LocalValue, uint64_t> groups_of_values_;
  absl::flat_hash_map<std::string, uint64_t> groups_of_keys_;
  std::vector<std::string> keys_;  // Of the groups that have one.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_GROUP_IDS_H_
