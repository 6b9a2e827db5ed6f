// The operands of an AND, with those that bound one field taken together.
// Private to engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_CONJUNCTS_H_
#define LIKENESS_ENGINE_FILTER_CONJUNCTS_H_

#include <vector>

#include "engine/filter/field_column.h"
#include "engine/filter/filter.h"

namespace likeness {

// What an AND asks for at once: an operand, or, with <, <=, > and >=, all that
// it asks of one field. `price >= 40 AND price < 41` is then one narrow range
// and not two wide ones. Borrows from the filter.
struct Conjunct {
  const FilterNode* operand = nullptr;          // Null: it is a window.
  std::vector<const FilterComparison*> window;  // Of one field, by order.
};

// `node` is of the kind kAnd. Operands keep their order, a window that of its
// first comparison.
std::vector<Conjunct> ConjunctsOf(const FilterNode& node);

// The values of `column` that lie in the window. (Fields that are compared by
// order have one value a row, so that value is in all ranges or the row fails.)
ListRange SelectWindow(const FieldColumn& column, const Conjunct& window);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_CONJUNCTS_H_
