// FieldIndex::Estimate.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "engine/filter/conjuncts.h"
#include "engine/filter/field_index.h"

namespace likeness {
namespace {

constexpr size_t kMaxListsLookedAt = 64;

CountEstimate Exactly(uint64_t count) { return {count, count, count}; }

// Counts in several columns of one field: a row is in one of them only.
CountEstimate Sum(CountEstimate a, CountEstimate b) {
  return {a.lower + b.lower, a.estimate + b.estimate, a.upper + b.upper};
}

CountEstimate Complement(CountEstimate a, uint64_t num_rows) {
  return {num_rows - a.upper, num_rows - a.estimate, num_rows - a.lower};
}

CountEstimate OfColumn(const FieldColumn& column,
                       const FilterComparison& comparison) {
  if (comparison.comparator == Comparator::kPresent) {
    return Exactly(column.CountPresent());
  }
  const ListRange range =
      column.Select(comparison.comparator, comparison.value);
  if (range.empty()) return Exactly(0);
  const uint64_t count = column.Count(range);
  if (column.is_single() || range.last - range.first == 1) {
    return Exactly(count);
  }
  // Members of lists that begin alike: how far they share rows is not known.
  CountEstimate result;
  const size_t end = std::min(range.last, range.first + kMaxListsLookedAt);
  for (size_t i = range.first; i < end; ++i) {
    result.lower = std::max<uint64_t>(result.lower, column.lists().Count(i));
  }
  result.upper = std::min(count, column.CountPresent());
  result.estimate = result.upper;
  return result;
}

class Estimator {
 public:
  // Borrows `index`.
  explicit Estimator(const FieldIndex& index) : index_(index) {}

  CountEstimate Of(const FilterNode& node) const {
    switch (node.kind) {
      case FilterNode::Kind::kAnd:
        return And(node);
      case FilterNode::Kind::kOr:
        return Or(node);
      case FilterNode::Kind::kNot:
        return Complement(Of(node.children.front()), index_.num_rows());
      case FilterNode::Kind::kComparison:
        return OfComparison(node.comparison);
    }
    return {};
  }

 private:
  CountEstimate OfComparison(const FilterComparison& comparison) const {
    if (comparison.comparator == Comparator::kNotEqual) {
      FilterComparison equal = comparison;
      equal.comparator = Comparator::kEqual;
      return Complement(OfComparison(equal), index_.num_rows());
    }
    return OverColumns(comparison.field, [&](const FieldColumn& column) {
      return OfColumn(column, comparison);
    });
  }

  CountEstimate OfConjunct(const Conjunct& conjunct) const {
    if (conjunct.operand != nullptr) return Of(*conjunct.operand);
    return OverColumns(
        conjunct.window.front()->field, [&](const FieldColumn& column) {
          return Exactly(column.Count(SelectWindow(column, conjunct)));
        });
  }

  // The sum of what `count` says of each column of a field.
  template <typename Counter>
  CountEstimate OverColumns(const std::string& name,
                            const Counter& count) const {
    CountEstimate result;
    const auto field = index_.columns().find(name);
    if (field == index_.columns().end()) return result;
    for (const FieldColumn& column : field->second) {
      result = Sum(result, count(column));
    }
    // Only a forged file has more; what follows subtracts.
    const uint64_t n = index_.num_rows();
    return {std::min(n, result.lower), std::min(n, result.estimate),
            std::min(n, result.upper)};
  }

  // Rows that fail any operand are at most as many as fail all together.
  CountEstimate And(const FilterNode& node) const {
    const uint64_t n = index_.num_rows();
    uint64_t failing = 0;
    uint64_t upper = n;
    double share = 1;
    for (const Conjunct& conjunct : ConjunctsOf(node)) {
      const CountEstimate part = OfConjunct(conjunct);
      failing = std::min(n, failing + (n - part.lower));
      upper = std::min(upper, part.upper);
      share *= Share(part.estimate);
    }
    return Clamped(n - failing, share, upper);
  }

  CountEstimate Or(const FilterNode& node) const {
    const uint64_t n = index_.num_rows();
    uint64_t lower = 0;
    uint64_t upper = 0;
    double missing = 1;
    for (const FilterNode& child : node.children) {
      const CountEstimate part = Of(child);
      lower = std::max(lower, part.lower);
      upper = std::min(n, upper + part.upper);
      missing *= 1 - Share(part.estimate);
    }
    return Clamped(lower, 1 - missing, upper);
  }

  double Share(uint64_t count) const {
    return index_.num_rows() == 0 ? 0
                                  : static_cast<double>(count) /
                                        static_cast<double>(index_.num_rows());
  }

  CountEstimate Clamped(uint64_t lower, double share, uint64_t upper) const {
    const auto rounded = static_cast<uint64_t>(
        std::llround(share * static_cast<double>(index_.num_rows())));
    return {lower, std::clamp(rounded, lower, upper), upper};
  }

  const FieldIndex& index_;
};

}  // namespace

CountEstimate FieldIndex::Estimate(const Filter& filter) const {
  return Estimator(*this).Of(filter.root());
}

}  // namespace likeness
