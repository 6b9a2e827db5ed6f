#include "engine/filter/field_index.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/filter/conjuncts.h"

namespace likeness {
namespace {

Bitmap NoRows(size_t num_rows) {
  Bitmap rows;
  rows.Grow(num_rows, false);
  return rows;
}

// Walks over a filter's tree with the index's columns at hand.
class Evaluation {
 public:
  // Borrows `index`.
  explicit Evaluation(const FieldIndex& index) : index_(index) {}

  Bitmap Of(const FilterNode& node) const {
    switch (node.kind) {
      case FilterNode::Kind::kAnd:
        return And(node);
      case FilterNode::Kind::kNot: {
        Bitmap rows = Of(node.children.front());
        rows.Invert();
        return rows;
      }
      case FilterNode::Kind::kOr:
      case FilterNode::Kind::kComparison:
        break;
    }
    Bitmap rows = NoRows(index_.num_rows());
    OrInto(node, rows);
    return rows;
  }

 private:
  Bitmap And(const FilterNode& node) const {
    Bitmap rows;
    bool first = true;
    for (const Conjunct& conjunct : ConjunctsOf(node)) {
      if (first) {
        rows = Of(conjunct);
      } else if (conjunct.operand != nullptr &&
                 conjunct.operand->kind == FilterNode::Kind::kNot) {
        rows.AndNot(Of(conjunct.operand->children.front()));
      } else {
        rows.And(Of(conjunct));
      }
      first = false;
    }
    if (first) rows.Grow(index_.num_rows(), true);
    return rows;
  }

  Bitmap Of(const Conjunct& conjunct) const {
    if (conjunct.operand != nullptr) return Of(*conjunct.operand);
    Bitmap rows = NoRows(index_.num_rows());
    const auto field = index_.columns().find(conjunct.window.front()->field);
    if (field == index_.columns().end()) return rows;
    for (const FieldColumn& column : field->second) {
      column.OrInto(SelectWindow(column, conjunct), rows);
    }
    return rows;
  }

  // Many values OR'ed, as an IN makes them, share one bitmap.
  void OrInto(const FilterNode& node, Bitmap& out) const {
    if (node.kind == FilterNode::Kind::kOr) {
      for (const FilterNode& child : node.children) OrInto(child, out);
    } else if (node.kind == FilterNode::Kind::kComparison &&
               node.comparison.comparator != Comparator::kNotEqual) {
      OrInto(node.comparison, out);
    } else if (node.kind == FilterNode::Kind::kComparison) {
      FilterComparison equal = node.comparison;
      equal.comparator = Comparator::kEqual;
      Bitmap rows = NoRows(index_.num_rows());
      OrInto(equal, rows);
      rows.Invert();
      out.Or(rows);
    } else {
      out.Or(Of(node));
    }
  }

  void OrInto(const FilterComparison& comparison, Bitmap& out) const {
    const auto field = index_.columns().find(comparison.field);
    if (field == index_.columns().end()) return;
    for (const FieldColumn& column : field->second) {
      if (comparison.comparator == Comparator::kPresent) {
        column.OrPresentInto(out);
      } else {
        column.OrInto(column.Select(comparison.comparator, comparison.value),
                      out);
      }
    }
  }

  const FieldIndex& index_;
};

}  // namespace

absl::Status CheckFieldIndexRows(size_t num_rows) {
  if (num_rows <= kMaxFieldIndexRows) return absl::OkStatus();
  return WithReason(absl::ResourceExhaustedError(absl::StrCat(
                        "a field index of ", num_rows, " rows, the limit is ",
                        kMaxFieldIndexRows)),
                    kReasonLimitExceeded);
}

FieldIndex::FieldIndex(size_t num_rows, Columns columns)
    : num_rows_(num_rows), columns_(std::move(columns)) {}

FieldTypes FieldIndex::types() const {
  FieldTypes types;
  for (const auto& [name, columns] : columns_) {
    for (const FieldColumn& column : columns) types.Add(name, column.type());
  }
  return types;
}

Bitmap FieldIndex::Evaluate(const Filter& filter) const {
  return Evaluation(*this).Of(filter.root());
}

size_t FieldIndex::memory_bytes() const {
  size_t bytes = sizeof(FieldIndex);
  for (const auto& [name, columns] : columns_) {
    bytes += sizeof(Columns::value_type) + name.capacity() +
             columns.capacity() * sizeof(FieldColumn);
    for (const FieldColumn& column : columns) bytes += column.memory_bytes();
  }
  return bytes;
}

}  // namespace likeness
