#include "engine/filter/filter_value.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"

namespace likeness {
namespace {

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// Removes the digits that `text` begins with; false when there are none.
bool ConsumeDigits(absl::string_view& text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  text.remove_prefix(count);
  return count > 0;
}

std::optional<std::variant<int64_t, double>> ReadNumber(
    const std::string& text) {
  if (!LooksLikeNumber(text)) return std::nullopt;
  if (text.find_first_of(".eE") == std::string::npos) {
    int64_t integer = 0;
    if (!absl::SimpleAtoi(text, &integer)) return std::nullopt;
    return integer;
  }
  double real = 0;
  if (!absl::SimpleAtod(text, &real) || !std::isfinite(real)) {
    return std::nullopt;
  }
  return real;
}

// YYYY-MM-DD, which absl::ParseTime takes in too many other forms.
bool StartsWithDate(absl::string_view text) {
  constexpr absl::string_view kShape = "0000-00-00";
  if (text.size() < kShape.size()) return false;
  return std::equal(kShape.begin(), kShape.end(), text.begin(),
                    [](char shape, char c) {
                      return shape == '0' ? IsDigit(c) : shape == c;
                    });
}

std::optional<int64_t> ReadTime(const std::string& text) {
  constexpr size_t kDateBytes = 10;
  if (!StartsWithDate(text)) return std::nullopt;
  const bool is_date = text.size() == kDateBytes;
  if (!is_date && text[kDateBytes] != 'T' && text[kDateBytes] != 't') {
    return std::nullopt;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(is_date ? "%Y-%m-%d" : absl::RFC3339_full, text, &time,
                       &error)) {
    return std::nullopt;
  }
  return absl::ToUnixMicros(time);
}

}  // namespace

absl::string_view ComparatorText(Comparator comparator) {
  switch (comparator) {
    case Comparator::kEqual:
      return "=";
    case Comparator::kNotEqual:
      return "!=";
    case Comparator::kLess:
      return "<";
    case Comparator::kLessOrEqual:
      return "<=";
    case Comparator::kGreater:
      return ">";
    case Comparator::kGreaterOrEqual:
      return ">=";
    case Comparator::kHas:
    case Comparator::kPresent:
      return ":";
  }
  return "";
}

bool IsOrder(Comparator comparator) {
  return comparator == Comparator::kLess ||
         comparator == Comparator::kLessOrEqual ||
         comparator == Comparator::kGreater ||
         comparator == Comparator::kGreaterOrEqual;
}

bool LooksLikeNumber(absl::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  bool digits = ConsumeDigits(text);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    digits = ConsumeDigits(text) || digits;
  }
  if (!digits) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    text.remove_prefix(1);
  }
  return ConsumeDigits(text) && text.empty();
}

FilterValue MakeFilterValue(std::string text, bool quoted) {
  FilterValue value;
  value.text = std::move(text);
  value.unix_micros = ReadTime(value.text);
  if (quoted) return value;
  value.number = ReadNumber(value.text);
  if (value.text == "true") value.boolean = true;
  if (value.text == "false") value.boolean = false;
  return value;
}

bool Accepts(FieldType type, Comparator comparator, const FilterValue& value) {
  if (comparator == Comparator::kPresent) return true;
  switch (type) {
    case FieldType::kString:
      // "100" < "20" surprises who meant numbers, so that needs quotes.
      return !IsOrder(comparator) ||
             (!value.number.has_value() && !value.boolean.has_value());
    case FieldType::kInt64:
    case FieldType::kDouble:
      return value.number.has_value();
    case FieldType::kBool:
      return value.boolean.has_value() && !IsOrder(comparator);
    case FieldType::kTimestamp:
      return value.unix_micros.has_value() && !value.is_prefix;
    case FieldType::kStringList:
      return comparator == Comparator::kHas;
  }
  return false;
}

}  // namespace likeness
