// The right-hand sides of comparisons, and what they can be compared with.
// Private to engine/filter.
#ifndef LIKENESS_ENGINE_FILTER_FILTER_VALUE_H_
#define LIKENESS_ENGINE_FILTER_FILTER_VALUE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "engine/filter/field_types.h"
#include "engine/filter/filter.h"

namespace likeness {

// A comparator as it is written: "=", "!=", ..., ":".
absl::string_view ComparatorText(Comparator comparator);

// True for <, <=, > and >=.
bool IsOrder(Comparator comparator);

// Reads `text` as all that it can be. Quoted text is never a number or bool.
FilterValue MakeFilterValue(std::string text, bool quoted);

// True for what looks like a number, of whatever size.
bool LooksLikeNumber(absl::string_view text);

// Whether values of `type` are compared with `value` at all. Those that are not
// don't match (and so do match !=). Every type of a field has the same say in
// every segment: it depends on nothing else.
bool Accepts(FieldType type, Comparator comparator, const FilterValue& value);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_FILTER_VALUE_H_
