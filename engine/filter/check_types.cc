// CheckTypes, and the words with which it refuses.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/core/error.h"
#include "engine/core/nearest.h"
#include "engine/core/status_macros.h"
#include "engine/filter/filter.h"
#include "engine/filter/filter_value.h"

namespace likeness {
namespace {

constexpr size_t kMaxListedFields = 10;
constexpr size_t kMaxShownBytes = 40;

// Of a text that callers chose: not all of it when it is long.
std::string Shown(absl::string_view text) {
  if (text.size() <= kMaxShownBytes) return absl::StrCat("\"", text, "\"");
  size_t size = kMaxShownBytes;
  while (size > 0 &&
         (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) {
    --size;
  }
  return absl::StrCat("\"", text.substr(0, size), "...\"");
}

absl::Status ErrorAt(size_t column, absl::string_view message) {
  return InvalidField("filter", absl::StrCat("column ", column, ": ", message));
}

absl::Status UnknownField(const FilterComparison& comparison,
                          const FieldTypes& types) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : types.fields()) names.push_back(name);
  const std::string nearest = Nearest(comparison.field, names);
  std::string hint = "no item has any field";
  if (!nearest.empty()) {
    hint = absl::StrCat("did you mean ", Shown(nearest), "?");
  } else if (!names.empty()) {
    const bool more = names.size() > kMaxListedFields;
    if (more) names.resize(kMaxListedFields);
    hint = absl::StrCat("there are ", absl::StrJoin(names, ", "),
                        more ? ", ..." : "");
  }
  return ErrorAt(
      comparison.field_column,
      absl::StrCat("there is no field ", Shown(comparison.field), "; ", hint));
}

bool HasNumbers(FieldTypeSet types) {
  return types.Has(FieldType::kInt64) || types.Has(FieldType::kDouble);
}

// What would have been right, said of the type that was most likely meant.
std::string Expected(const FilterComparison& comparison, FieldTypeSet types) {
  const std::string& text = comparison.value.text;
  const bool order = IsOrder(comparison.comparator);
  if (HasNumbers(types)) {
    if (comparison.value.is_prefix) return "a number without a wildcard";
    if (!LooksLikeNumber(text)) return "a number";
    return MakeFilterValue(text, false).number.has_value()
               ? absl::StrCat("a number: write ", text, " without quotes")
               : "a whole number of 64 bits, or one with a decimal point, of "
                 "double precision";
  }
  if (types.Has(FieldType::kTimestamp)) {
    return "a date or time such as \"2026-01-31\" or "
           "\"2026-01-31T12:00:00Z\" (RFC 3339)";
  }
  if (types.Has(FieldType::kString) && order) return "a text in quotes";
  if (types.Has(FieldType::kStringList)) {
    return absl::StrCat("the comparator \":\", which finds members of a list");
  }
  return order ? "= or !=, a bool has no order"
               : "true or false, without quotes";
}

absl::Status CheckComparison(const FilterComparison& comparison,
                             const FieldTypes& types, UnknownFields unknown) {
  const FieldTypeSet of_field = types.Of(comparison.field);
  if (of_field.empty()) {
    if (unknown == UnknownFields::kAllow) return absl::OkStatus();
    return UnknownField(comparison, types);
  }
  for (const FieldType type : kAllFieldTypes) {
    if (of_field.Has(type) &&
        Accepts(type, comparison.comparator, comparison.value)) {
      return absl::OkStatus();
    }
  }
  return ErrorAt(comparison.value_column,
                 absl::StrCat("found ", ComparatorText(comparison.comparator),
                              " ", Shown(comparison.value.text),
                              ", but the field ", Shown(comparison.field),
                              " is of the type ", of_field.ToString(),
                              ": expected ", Expected(comparison, of_field)));
}

absl::Status Check(const FilterNode& node, const FieldTypes& types,
                   UnknownFields unknown) {
  if (node.kind == FilterNode::Kind::kComparison) {
    return CheckComparison(node.comparison, types, unknown);
  }
  for (const FilterNode& child : node.children) {
    RETURN_IF_ERROR(Check(child, types, unknown));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTypes(const Filter& filter, const FieldTypes& types,
                        UnknownFields unknown) {
  return Check(filter.root(), types, unknown);
}

}  // namespace likeness
