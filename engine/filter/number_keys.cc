#include "engine/filter/number_keys.h"

#include <cmath>
#include <variant>

namespace likeness {
namespace {

constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();

// A wanted number among the values that a type has: the largest key at or below
// it and the smallest at or above it; the same one when the type has the number
// itself, neighbours otherwise.
struct Bracket {
  int64_t floor = 0;
  int64_t ceiling = 0;
};

// For numbers above or below all that a type has.
std::optional<KeyRange> AllOrNone(bool all) {
  if (!all) return std::nullopt;
  return KeyRange{kLowest, kHighest};
}

std::optional<KeyRange> RangeOf(Comparator comparator, Bracket bracket) {
  switch (comparator) {
    case Comparator::kEqual:
    case Comparator::kHas:
      if (bracket.floor != bracket.ceiling) return std::nullopt;
      return KeyRange{bracket.floor, bracket.floor};
    case Comparator::kLess:
      if (bracket.ceiling == kLowest) return std::nullopt;
      return KeyRange{kLowest, bracket.ceiling - 1};
    case Comparator::kLessOrEqual:
      return KeyRange{kLowest, bracket.floor};
    case Comparator::kGreater:
      if (bracket.floor == kHighest) return std::nullopt;
      return KeyRange{bracket.floor + 1, kHighest};
    case Comparator::kGreaterOrEqual:
      return KeyRange{bracket.ceiling, kHighest};
    case Comparator::kNotEqual:
    case Comparator::kPresent:
      break;
  }
  return std::nullopt;
}

bool IsBelow(Comparator comparator) {
  return comparator == Comparator::kLess ||
         comparator == Comparator::kLessOrEqual;
}

bool IsAbove(Comparator comparator) {
  return comparator == Comparator::kGreater ||
         comparator == Comparator::kGreaterOrEqual;
}

std::optional<KeyRange> Integers(Comparator comparator, int64_t wanted) {
  return RangeOf(comparator, {wanted, wanted});
}

std::optional<KeyRange> Integers(Comparator comparator, double wanted) {
  if (wanted >= 0x1p63) return AllOrNone(IsBelow(comparator));
  if (wanted < -0x1p63) return AllOrNone(IsAbove(comparator));
  return RangeOf(comparator, {static_cast<int64_t>(std::floor(wanted)),
                              static_cast<int64_t>(std::ceil(wanted))});
}

std::optional<KeyRange> Doubles(Comparator comparator, double wanted) {
  return RangeOf(comparator, {KeyOf(wanted), KeyOf(wanted)});
}

std::optional<KeyRange> Doubles(Comparator comparator, int64_t wanted) {
  // The nearest double; when it is not the number itself, that lies between it
  // and one of its neighbours. 2^63 is the only one that int64_t has not.
  const auto nearest = static_cast<double>(wanted);
  const int64_t key = KeyOf(nearest);
  if (nearest < 0x1p63 && static_cast<int64_t>(nearest) == wanted) {
    return RangeOf(comparator, {key, key});
  }
  if (nearest >= 0x1p63 || static_cast<int64_t>(nearest) > wanted) {
    return RangeOf(comparator, {key - 1, key});
  }
  return RangeOf(comparator, {key, key + 1});
}

}  // namespace

std::optional<KeyRange> KeysThatMatch(FieldType type, Comparator comparator,
                                      const FilterValue& value) {
  switch (type) {
    case FieldType::kInt64:
      return std::visit(
          [&](auto number) { return Integers(comparator, number); },
          *value.number);
    case FieldType::kDouble:
      return std::visit(
          [&](auto number) { return Doubles(comparator, number); },
          *value.number);
    case FieldType::kBool:
      return Integers(comparator, KeyOf(*value.boolean));
    case FieldType::kTimestamp:
      return Integers(comparator, *value.unix_micros);
    case FieldType::kString:
    case FieldType::kStringList:
      break;
  }
  return std::nullopt;
}

}  // namespace likeness
