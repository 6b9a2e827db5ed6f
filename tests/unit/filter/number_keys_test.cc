#include "engine/filter/number_keys.h"

#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/filter/filter_value.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

using Limits = std::numeric_limits<double>;

// Numbers around every place where rounding could go wrong.
std::vector<double> HardDoubles() {
  std::vector<double> values = {0.0,
                                -0.0,
                                0.5,
                                -0.5,
                                1.0,
                                -1.0,
                                1.5,
                                Limits::denorm_min(),
                                -Limits::denorm_min(),
                                Limits::max(),
                                Limits::lowest()};
  for (const double base : {0x1p53, 0x1p54, 0x1p62, 0x1p63, 0x1p64}) {
    for (const double sign : {1.0, -1.0}) {
      const double value = sign * base;
      values.push_back(value);
      values.push_back(std::nextafter(value, Limits::max()));
      values.push_back(std::nextafter(value, Limits::lowest()));
    }
  }
  return values;
}

std::vector<int64_t> HardIntegers() {
  std::vector<int64_t> values = {std::numeric_limits<int64_t>::min(),
                                 std::numeric_limits<int64_t>::max()};
  for (const int bit : {0, 1, 52, 53, 54, 61, 62}) {
    for (const int64_t sign : {-1, 1}) {
      for (const int64_t offset : {-3, -2, -1, 0, 1, 2, 3}) {
        values.push_back(sign * (int64_t{1} << bit) + offset);
      }
    }
  }
  values.push_back(std::numeric_limits<int64_t>::min() + 1);
  values.push_back(std::numeric_limits<int64_t>::max() - 511);
  values.push_back(std::numeric_limits<int64_t>::max() - 512);
  return values;
}

TEST(NumberKeysTest, OrderAsDoublesDo) {
  const std::vector<double> values = HardDoubles();
  for (const double a : values) {
    for (const double b : values) {
      EXPECT_EQ(KeyOf(a) < KeyOf(b), a < b) << a << " " << b;
      EXPECT_EQ(KeyOf(a) == KeyOf(b), a == b) << a << " " << b;
    }
  }
}

constexpr Comparator kComparators[] = {
    Comparator::kEqual,   Comparator::kLess,           Comparator::kLessOrEqual,
    Comparator::kGreater, Comparator::kGreaterOrEqual,
};

bool Selected(const MetadataValue& value, Comparator comparator,
              const FilterValue& wanted) {
  const std::optional<KeyRange> range =
      KeysThatMatch(TypeOf(value), comparator, wanted);
  const int64_t key = std::holds_alternative<double>(value)
                          ? KeyOf(std::get<double>(value))
                          : KeyOf(std::get<int64_t>(value));
  return range.has_value() && range->low <= key && key <= range->high;
}

// Against Matches, which compares the numbers themselves.
void ExpectSameAsMatches(const MetadataValue& value,
                         const std::string& literal) {
  for (const Comparator comparator : kComparators) {
    const std::string text =
        absl::StrCat("n ", ComparatorText(comparator), " ", literal);
    const absl::StatusOr<Filter> filter = Filter::Parse(text);
    ASSERT_TRUE(filter.ok()) << text;
    const FilterValue& wanted = filter->root().comparison.value;
    ASSERT_TRUE(wanted.number.has_value()) << text;
    EXPECT_EQ(Selected(value, comparator, wanted),
              Matches(*filter, {{"n", value}}))
        << text;
  }
}

TEST(NumberKeysTest, SelectWhatTheNumbersThemselvesSay) {
  std::vector<std::string> literals;
  for (const int64_t value : HardIntegers()) {
    literals.push_back(absl::StrCat(value));
  }
  for (const double value : HardDoubles()) {
    // 17 digits behind the point are exact.
    char text[40];
    std::snprintf(text, sizeof(text), "%.17e", value);
    literals.emplace_back(text);
  }
  for (const std::string& literal : literals) {
    for (const int64_t value : HardIntegers()) {
      ExpectSameAsMatches(value, literal);
    }
    for (const double value : HardDoubles()) {
      ExpectSameAsMatches(value, literal);
    }
  }
}

}  // namespace
}  // namespace likeness
