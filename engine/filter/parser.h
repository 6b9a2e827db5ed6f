// Reads filter expressions. Private to engine/filter; others call
// Filter::Parse.
#ifndef LIKENESS_ENGINE_FILTER_PARSER_H_
#define LIKENESS_ENGINE_FILTER_PARSER_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/filter/filter.h"
#include "engine/filter/scanner.h"

namespace likeness {

// The grammar of AIP-160 (google.aip.dev/160), by recursive descent:
//
//   filter     = [ expression ]
//   expression = factor { [ "AND" ] factor }
//   factor     = term { "OR" term }
//   term       = [ "NOT" | "-" ] simple
//   simple     = "(" expression ")" | restriction
//   restriction = field comparator argument | field "IN" list
//   argument   = value | "(" expression of values ")"     for = and : only
//   list       = "(" value { "," value } ")"
//
// Every way down passes a parenthesis, whose depth is limited, and so is the
// stack.
class FilterParser {
 public:
  // Borrows `text`, which is valid UTF-8.
  explicit FilterParser(absl::string_view text) : scanner_(text) {}

  absl::StatusOr<FilterNode> Parse();

 private:
  // What the values inside an argument's parentheses are compared with.
  struct Subject {
    std::string field;
    size_t field_column = 0;
    Comparator comparator = Comparator::kEqual;
  };

  // `subject` is null where whole restrictions are expected.
  absl::StatusOr<FilterNode> Expression(const Subject* subject);
  absl::StatusOr<FilterNode> Factor(const Subject* subject);
  absl::StatusOr<FilterNode> Term(const Subject* subject);
  absl::StatusOr<FilterNode> Parenthesized(const Subject* subject);
  absl::StatusOr<FilterNode> Restriction();
  absl::StatusOr<FilterNode> Argument(const Subject& subject);
  absl::StatusOr<FilterNode> List(const Subject& subject);
  absl::StatusOr<FilterNode> Value(const Subject& subject);

  absl::StatusOr<Subject> Field();
  absl::StatusOr<Comparator> ReadComparator();

  FilterScanner scanner_;
  int depth_ = 0;
  int terms_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_PARSER_H_
