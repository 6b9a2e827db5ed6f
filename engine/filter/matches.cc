// Matches: the meaning of filters, spelled out.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "engine/filter/filter.h"
#include "engine/filter/filter_value.h"

namespace likeness {
namespace {

// -1, 0 or 1. Exact: nothing is rounded, whichever of the two is the double.
int Compare(int64_t a, int64_t b) { return a < b ? -1 : (a > b ? 1 : 0); }
int Compare(double a, double b) { return a < b ? -1 : (a > b ? 1 : 0); }
int Compare(int64_t a, double b) {
  if (b >= 0x1p63) return -1;
  if (b < -0x1p63) return 1;
  const double whole = std::trunc(b);
  const int order = Compare(a, static_cast<int64_t>(whole));
  return order != 0 ? order : Compare(whole, b);
}
int Compare(double a, int64_t b) { return -Compare(b, a); }

bool Holds(Comparator comparator, int order) {
  switch (comparator) {
    case Comparator::kEqual:
    case Comparator::kHas:
      return order == 0;
    case Comparator::kLess:
      return order < 0;
    case Comparator::kLessOrEqual:
      return order <= 0;
    case Comparator::kGreater:
      return order > 0;
    case Comparator::kGreaterOrEqual:
      return order >= 0;
    case Comparator::kNotEqual:
    case Comparator::kPresent:
      return true;
  }
  return false;
}

// One value that Accepts takes, against one comparison other than != and :*.
struct ValueMatcher {
  Comparator comparator;
  const FilterValue& wanted;

  bool operator()(const std::string& value) const {
    if (wanted.is_prefix) return absl::StartsWith(value, wanted.text);
    return Holds(comparator, value.compare(wanted.text));
  }
  bool operator()(const std::vector<std::string>& values) const {
    return std::any_of(values.begin(), values.end(), *this);
  }
  bool operator()(int64_t value) const { return Number(value); }
  bool operator()(double value) const { return Number(value); }
  bool operator()(bool value) const { return value == *wanted.boolean; }
  bool operator()(absl::Time value) const {
    return Holds(comparator,
                 Compare(absl::ToUnixMicros(value), *wanted.unix_micros));
  }

  template <typename T>
  bool Number(T value) const {
    return std::visit(
        [&](auto number) { return Holds(comparator, Compare(value, number)); },
        *wanted.number);
  }
};

bool MatchesComparison(const FilterComparison& comparison,
                       const Metadata& metadata) {
  const auto found = metadata.find(comparison.field);
  const bool inverted = comparison.comparator == Comparator::kNotEqual;
  const Comparator comparator =
      inverted ? Comparator::kEqual : comparison.comparator;
  if (found == metadata.end()) return inverted;
  if (comparator == Comparator::kPresent) return true;
  if (!Accepts(TypeOf(found->second), comparator, comparison.value)) {
    return inverted;
  }
  return inverted !=
         std::visit(ValueMatcher{comparator, comparison.value}, found->second);
}

bool MatchesNode(const FilterNode& node, const Metadata& metadata) {
  const auto matches = [&](const FilterNode& child) {
    return MatchesNode(child, metadata);
  };
  switch (node.kind) {
    case FilterNode::Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Kind::kNot:
      return !matches(node.children.front());
    case FilterNode::Kind::kComparison:
      return MatchesComparison(node.comparison, metadata);
  }
  return false;
}

}  // namespace

bool Matches(const Filter& filter, const Metadata& metadata) {
  return MatchesNode(filter.root(), metadata);
}

}  // namespace likeness
