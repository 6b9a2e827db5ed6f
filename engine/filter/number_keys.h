// Numbers, bools and times as 64-bit keys that order as they do. Private to
// engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_NUMBER_KEYS_H_
#define LIKENESS_ENGINE_FILTER_NUMBER_KEYS_H_

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/time/time.h"
#include "engine/filter/field_types.h"
#include "engine/filter/filter.h"

namespace likeness {

inline int64_t KeyOf(int64_t value) { return value; }
inline int64_t KeyOf(bool value) { return value ? 1 : 0; }
inline int64_t KeyOf(absl::Time value) { return absl::ToUnixMicros(value); }

// The bits of a double order like an integer's once those of the negative ones
// are turned around. Both zeros are one key.
inline int64_t KeyOf(double value) {
  const auto bits = std::bit_cast<int64_t>(value == 0 ? 0.0 : value);
  return bits >= 0 ? bits : bits ^ std::numeric_limits<int64_t>::max();
}

// All keys from `low` to `high`, both included.
struct KeyRange {
  int64_t low = 0;
  int64_t high = 0;
};

// The keys of those values of `type`, which is neither text nor list, for which
// `comparator` (not != or presence) holds; nullopt: none. Exact: a fraction is
// never rounded to an integer, nor an integer beyond 2^53 to a double. Requires
// that Accepts is true.
std::optional<KeyRange> KeysThatMatch(FieldType type, Comparator comparator,
                                      const FilterValue& value);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_NUMBER_KEYS_H_
