#include "engine/filter/parser.h"

#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/filter/filter_value.h"

namespace likeness {
namespace {

using WordKind = FilterScanner::WordKind;

// An operation of several operands; of one, that operand. Operands of the same
// kind are taken in, so that equal filters get equal trees.
FilterNode Combine(FilterNode::Kind kind, std::vector<FilterNode> operands) {
  if (operands.size() == 1) return std::move(operands.front());
  FilterNode node;
  node.kind = kind;
  for (FilterNode& operand : operands) {
    if (operand.kind == kind) {
      std::move(operand.children.begin(), operand.children.end(),
                std::back_inserter(node.children));
    } else {
      node.children.push_back(std::move(operand));
    }
  }
  return node;
}

FilterNode Negate(FilterNode operand) {
  if (operand.kind == FilterNode::Kind::kNot) {
    FilterNode child = std::move(operand.children.front());
    return child;
  }
  FilterNode node;
  node.kind = FilterNode::Kind::kNot;
  node.children.push_back(std::move(operand));
  return node;
}

}  // namespace

absl::StatusOr<FilterNode> FilterParser::Parse() {
  scanner_.SkipSpace();
  if (scanner_.AtEnd()) return FilterNode();
  ASSIGN_OR_RETURN(FilterNode node, Expression(nullptr));
  if (scanner_.AtEnd()) return node;
  return scanner_.Unexpected("AND, OR or the end of the filter");
}

absl::StatusOr<FilterNode> FilterParser::Expression(const Subject* subject) {
  std::vector<FilterNode> operands;
  do {
    ASSIGN_OR_RETURN(FilterNode operand, Factor(subject));
    operands.push_back(std::move(operand));
  } while (scanner_.ConsumeWord("AND") ||
           !(scanner_.AtEnd() || scanner_.NextIs(")")));
  return Combine(FilterNode::Kind::kAnd, std::move(operands));
}

absl::StatusOr<FilterNode> FilterParser::Factor(const Subject* subject) {
  std::vector<FilterNode> operands;
  do {
    ASSIGN_OR_RETURN(FilterNode operand, Term(subject));
    operands.push_back(std::move(operand));
  } while (scanner_.ConsumeWord("OR"));
  return Combine(FilterNode::Kind::kOr, std::move(operands));
}

absl::StatusOr<FilterNode> FilterParser::Term(const Subject* subject) {
  bool negated = false;
  // Before a value the minus is a number's sign.
  while (scanner_.ConsumeWord("NOT") ||
         (subject == nullptr && scanner_.Consume("-"))) {
    negated = !negated;
  }
  absl::StatusOr<FilterNode> node = scanner_.NextIs("(")
                                        ? Parenthesized(subject)
                                    : subject != nullptr ? Value(*subject)
                                                         : Restriction();
  if (!node.ok() || !negated) return node;
  return Negate(*std::move(node));
}

absl::StatusOr<FilterNode> FilterParser::Parenthesized(const Subject* subject) {
  const size_t open = scanner_.offset();
  if (++depth_ > kMaxFilterDepth) {
    return scanner_.ErrorAt(
        open, absl::StrCat("parentheses are nested deeper than the limit of ",
                           kMaxFilterDepth));
  }
  scanner_.Consume("(");
  ASSIGN_OR_RETURN(FilterNode node, Expression(subject));
  if (!scanner_.Consume(")")) {
    return scanner_.Unexpected(absl::StrCat("AND, OR or ) for the ( in column ",
                                            scanner_.ColumnOf(open)));
  }
  --depth_;
  return node;
}

absl::StatusOr<FilterNode> FilterParser::Restriction() {
  ASSIGN_OR_RETURN(Subject subject, Field());
  if (scanner_.ConsumeWord("IN")) return List(subject);
  ASSIGN_OR_RETURN(subject.comparator, ReadComparator());
  return Argument(subject);
}

absl::StatusOr<FilterParser::Subject> FilterParser::Field() {
  const size_t offset = scanner_.offset();
  ASSIGN_OR_RETURN(
      FilterWord word,
      scanner_.ReadWord(WordKind::kName, "a field name, NOT or ("));
  if (!word.quoted && IsForeignOperator(word.text)) {
    return scanner_.UnexpectedAt(
        offset,
        "operators as AND, OR, NOT and IN (a field of that name needs "
        "quotes)");
  }
  // No item has one, and every value of a list is stored with its field.
  if (word.text.size() > kMaxFieldNameBytes) {
    return scanner_.ErrorAt(
        offset, absl::StrCat("a field name of ", word.text.size(),
                             " bytes, the limit is ", kMaxFieldNameBytes));
  }
  if (scanner_.AtEnd() || scanner_.NextIs(")") || scanner_.NextIsWord("AND") ||
      scanner_.NextIsWord("OR")) {
    return scanner_.UnexpectedAt(
        offset, "a comparison: a value needs its field, as in field = value");
  }
  Subject subject;
  subject.field = std::move(word.text);
  subject.field_column = scanner_.ColumnOf(offset);
  return subject;
}

absl::StatusOr<Comparator> FilterParser::ReadComparator() {
  struct Spelling {
    absl::string_view text;
    Comparator comparator;
  };
  constexpr Spelling kSpellings[] = {{"!=", Comparator::kNotEqual},
                                     {"<=", Comparator::kLessOrEqual},
                                     {">=", Comparator::kGreaterOrEqual},
                                     {"=", Comparator::kEqual},
                                     {"<", Comparator::kLess},
                                     {">", Comparator::kGreater},
                                     {":", Comparator::kHas}};
  if (scanner_.NextIs("==")) return scanner_.Unexpected("=");
  if (scanner_.NextIs("<>")) return scanner_.Unexpected("!=");
  for (const Spelling& spelling : kSpellings) {
    if (scanner_.Consume(spelling.text)) return spelling.comparator;
  }
  const absl::string_view word = scanner_.PeekBareWord();
  return scanner_.Unexpected(IsForeignOperator(word)
                                 ? "= != < <= > >= : or IN (in capitals)"
                                 : "= != < <= > >= : or IN");
}

absl::StatusOr<FilterNode> FilterParser::Argument(const Subject& subject) {
  if (!scanner_.NextIs("(")) return Value(subject);
  // a != (b OR c) would be true of everything.
  if (subject.comparator != Comparator::kEqual &&
      subject.comparator != Comparator::kHas) {
    return scanner_.Unexpected(
        "a value: only = and : take several in parentheses");
  }
  return Parenthesized(&subject);
}

absl::StatusOr<FilterNode> FilterParser::List(const Subject& subject) {
  Subject member = subject;
  member.comparator = Comparator::kHas;
  if (!scanner_.Consume("(")) {
    return scanner_.Unexpected("( and a list of values");
  }
  std::vector<FilterNode> operands;
  do {
    ASSIGN_OR_RETURN(FilterNode operand, Value(member));
    operands.push_back(std::move(operand));
  } while (scanner_.Consume(","));
  if (!scanner_.Consume(")")) return scanner_.Unexpected("a comma or )");
  return Combine(FilterNode::Kind::kOr, std::move(operands));
}

absl::StatusOr<FilterNode> FilterParser::Value(const Subject& subject) {
  const size_t offset = scanner_.offset();
  if (++terms_ > kMaxFilterTerms) {
    return scanner_.ErrorAt(
        offset,
        absl::StrCat("more comparisons than the limit of ", kMaxFilterTerms));
  }
  ASSIGN_OR_RETURN(FilterWord word,
                   scanner_.ReadWord(WordKind::kValue, "a value"));
  if (word.inner_star != 0) {
    return scanner_.UnexpectedAt(
        word.inner_star, "a wildcard only at the end; write \\* for a star");
  }
  FilterNode node;
  node.kind = FilterNode::Kind::kComparison;
  FilterComparison& comparison = node.comparison;
  comparison.field = subject.field;
  comparison.comparator = subject.comparator;
  comparison.field_column = subject.field_column;
  comparison.value_column = scanner_.ColumnOf(offset);
  if (comparison.comparator == Comparator::kHas && word.star_at_end &&
      word.text == "*") {
    comparison.comparator = Comparator::kPresent;
    return node;
  }
  const bool order = IsOrder(comparison.comparator);
  if (word.star_at_end) {
    if (order) {
      return scanner_.UnexpectedAt(
          offset, "no wildcard behind < <= > >=; write \\* for a star");
    }
    word.text.pop_back();
  }
  if ((order || word.star_at_end) && word.text.size() > kMaxOrderedText) {
    return scanner_.ErrorAt(
        offset, absl::StrCat("a text of ", word.text.size(),
                             " bytes; with < <= > >= or a wildcard the limit "
                             "is ",
                             kMaxOrderedText));
  }
  comparison.value =
      MakeFilterValue(std::move(word.text), word.quoted || word.star_at_end);
  comparison.value.is_prefix = word.star_at_end;
  return node;
}

}  // namespace likeness
