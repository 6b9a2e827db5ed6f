// The way from a row to its value. Private to engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_ROW_VALUES_H_
#define LIKENESS_ENGINE_FILTER_ROW_VALUES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/filter/posting_lists.h"

namespace likeness {

// Which of disjoint lists each row is in: the lists turned around. Made by the
// first who asks, for most columns are never asked. Thread-safe, without a
// lock: of two who come first, the one's work is thrown away.
class RowValues {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  RowValues() = default;
  ~RowValues() { delete values_.load(); }
  RowValues(const RowValues&) = delete;
  RowValues& operator=(const RowValues&) = delete;

  // Of the rows below `num_rows`: the number of the list, or kNone. The
  // arguments are the same in every call.
  const std::vector<uint32_t>& Of(const PostingLists& lists, size_t num_rows);

  size_t memory_bytes() const;

 private:
  std::atomic<const std::vector<uint32_t>*> values_{nullptr};
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_ROW_VALUES_H_
