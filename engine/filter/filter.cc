#include "engine/filter/filter.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/core/utf8.h"
#include "engine/filter/filter_value.h"
#include "engine/filter/parser.h"
#include "engine/filter/scanner.h"

namespace likeness {
namespace {

std::string Quoted(absl::string_view text, bool is_prefix) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '\t':
        quoted += "\\t";
        break;
      case '"':
      case '\\':
      case '*':
        quoted += '\\';
        quoted += c;
        break;
      default:
        quoted += c;
    }
  }
  quoted += is_prefix ? "*\"" : "\"";
  return quoted;
}

std::string ValueText(const FilterComparison& comparison) {
  if (comparison.comparator == Comparator::kPresent) return "*";
  const FilterValue& value = comparison.value;
  if (value.number.has_value() || value.boolean.has_value()) return value.text;
  return Quoted(value.text, value.is_prefix);
}

void Print(const FilterNode& node, bool parenthesized, std::string& out);

void PrintOperands(const FilterNode& node, absl::string_view separator,
                   std::string& out) {
  for (size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) absl::StrAppend(&out, separator);
    Print(node.children[i], true, out);
  }
}

// `parenthesized`: around AND and OR, so that nobody need know which of them
// binds tighter.
void Print(const FilterNode& node, bool parenthesized, std::string& out) {
  const FilterComparison& comparison = node.comparison;
  switch (node.kind) {
    case FilterNode::Kind::kComparison: {
      const bool spaced = comparison.comparator != Comparator::kHas &&
                          comparison.comparator != Comparator::kPresent;
      absl::StrAppend(&out,
                      IsBareName(comparison.field)
                          ? comparison.field
                          : Quoted(comparison.field, false),
                      spaced ? " " : "", ComparatorText(comparison.comparator),
                      spaced ? " " : "", ValueText(comparison));
      return;
    }
    case FilterNode::Kind::kNot:
      absl::StrAppend(&out, "NOT ");
      Print(node.children.front(), true, out);
      return;
    case FilterNode::Kind::kAnd:
    case FilterNode::Kind::kOr:
      if (parenthesized) out += '(';
      PrintOperands(
          node, node.kind == FilterNode::Kind::kAnd ? " AND " : " OR ", out);
      if (parenthesized) out += ')';
      return;
  }
}

}  // namespace

Filter::Filter() : root_(std::make_shared<const FilterNode>()) {}

Filter::Filter(FilterNode root)
    : root_(std::make_shared<const FilterNode>(std::move(root))) {}

absl::StatusOr<Filter> Filter::Parse(absl::string_view text) {
  if (text.size() > kMaxFilterBytes) {
    return InvalidField(
        "filter", absl::StrCat("has ", text.size(), " bytes, the limit is ",
                               kMaxFilterBytes));
  }
  if (!IsValidUtf8(text)) return InvalidField("filter", "is not valid UTF-8");
  ASSIGN_OR_RETURN(FilterNode root, FilterParser(text).Parse());
  return Filter(std::move(root));
}

std::string Filter::ToString() const {
  std::string text;
  Print(*root_, false, text);
  return text;
}

}  // namespace likeness
