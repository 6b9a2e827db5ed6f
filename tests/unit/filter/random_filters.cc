#include "tests/unit/filter/random_filters.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "engine/filter/field_index_builder.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness::testing {
namespace {

// Skewed: small numbers are common, the largest rare.
size_t Skewed(Random& random, size_t count) {
  const double u = random.Uniform();
  return static_cast<size_t>(u * u * static_cast<double>(count));
}

std::string RandomText(Random& random) {
  switch (random.Below(8)) {
    case 0:
      return "";
    case 1:
      return absl::StrCat(random.Below(30));  // A number in texts' clothes.
    case 2:                                   // Longer than an index keeps.
      return absl::StrCat(std::string(255, 'y'), Skewed(random, 4), "z",
                          random.Below(3));
    case 3:
      return random.Chance(0.5) ? "true" : "a*b\"\\";
    default:
      return absl::StrCat(random.Chance(0.5) ? "ab" : "a\u00e9",
                          Skewed(random, 40));
  }
}

int64_t RandomInteger(Random& random) {
  switch (random.Below(4)) {
    case 0:
      return (int64_t{1} << 53) + static_cast<int64_t>(random.Below(5)) - 2;
    case 1:
      return -static_cast<int64_t>(Skewed(random, 20));
    default:
      return static_cast<int64_t>(Skewed(random, 30));
  }
}

double RandomDouble(Random& random) {
  switch (random.Below(4)) {
    case 0:
      return 0x1p53 + 2 * static_cast<double>(random.Below(3)) - 2;
    case 1:
      return random.Uniform(-5, 30);
    default:
      return static_cast<double>(Skewed(random, 60)) / 2;
  }
}

absl::Time RandomTime(Random& random) {
  return absl::FromUnixSeconds(
             1'767'225'600 + 3600 * static_cast<int64_t>(Skewed(random, 200))) +
         absl::Nanoseconds(random.Below(3) * 700);
}

MetadataValue RandomValue(Random& random, size_t type) {
  switch (type) {
    case 0:
      return RandomText(random);
    case 1:
      return RandomInteger(random);
    case 2:
      return RandomDouble(random);
    case 3:
      return random.Chance(0.3);
    case 4:
      return RandomTime(random);
    default: {
      std::vector<std::string> members;
      for (size_t i = random.Below(4); i > 0; --i) {
        members.push_back(RandomText(random));
      }
      return members;
    }
  }
}

constexpr const char* kFields[] = {"text", "integer", "real",
                                   "flag", "time",    "tags",
                                   "any",  "odd one", "absent"};

std::string Quoted(const std::string& text, bool prefix) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '*') out += '\\';
    out += c;
  }
  return absl::StrCat(out, prefix ? "*" : "", "\"");
}

std::string RandomLiteral(Random& random, bool order) {
  switch (random.Below(5)) {
    case 0:
      return absl::StrCat(RandomInteger(random));
    case 1:
      return absl::StrFormat("%.17e", RandomDouble(random));
    case 2:
      return random.Chance(0.5) ? "true" : "false";
    case 3:
      return absl::StrCat(
          "\"",
          absl::FormatTime(absl::RFC3339_full, RandomTime(random),
                           absl::UTCTimeZone()),
          "\"");
    default: {
      std::string text = RandomText(random);
      const bool prefix = !order && random.Chance(0.4);
      if (prefix) text.resize(random.Below(text.size() + 1));
      // Cut no character in two.
      while (!text.empty() && (text.back() & 0x80) != 0) text.pop_back();
      if (order || prefix) text.resize(std::min(text.size(), kMaxOrderedText));
      return Quoted(text, prefix);
    }
  }
}

std::string RandomComparison(Random& random) {
  constexpr const char* kComparators[] = {
      "=", "!=", "<", "<=", ">", ">=", ":", ":"};
  const std::string field = Quoted(kFields[random.Below(9)], false);
  if (random.Chance(0.1)) return absl::StrCat(field, ":*");
  if (random.Chance(0.1)) {
    return absl::StrCat(field, " IN (", RandomLiteral(random, false), ", ",
                        RandomLiteral(random, false), ")");
  }
  if (random.Chance(0.1)) {
    return absl::StrCat("(", field, " >= ", RandomLiteral(random, true),
                        " AND ", field, " < ", RandomLiteral(random, true),
                        ")");
  }
  const std::string comparator = kComparators[random.Below(8)];
  const bool order = comparator[0] == '<' || comparator[0] == '>';
  return absl::StrCat(field, comparator, RandomLiteral(random, order));
}

}  // namespace

Metadata RandomMetadata(Random& random) {
  Metadata metadata;
  for (size_t type = 0; type < 6; ++type) {
    if (random.Chance(0.8)) {
      metadata[kFields[type]] = RandomValue(random, type);
    }
  }
  if (random.Chance(0.7))
    metadata["any"] = RandomValue(random, random.Below(6));
  if (random.Chance(0.05)) metadata["odd one"] = RandomValue(random, 0);
  return metadata;
}

std::string RandomFilter(Random& random, int depth) {
  if (depth == 0 || random.Chance(0.25)) return RandomComparison(random);
  if (random.Chance(0.25)) {
    return absl::StrCat("NOT (", RandomFilter(random, depth - 1), ")");
  }
  const char* const separator = random.Chance(0.5) ? " AND " : " OR ";
  std::string text = "(";
  for (size_t i = 2 + random.Below(2); i > 0; --i) {
    absl::StrAppend(&text, RandomFilter(random, depth - 1),
                    i > 1 ? separator : ")");
  }
  return text;
}

FieldIndex IndexOf(const std::vector<Metadata>& rows) {
  FieldIndexBuilder builder;
  for (uint32_t row = 0; row < rows.size(); ++row) {
    builder.Add(row, rows[row]);
  }
  absl::StatusOr<std::shared_ptr<const FieldIndex>> index =
      std::move(builder).Build(rows.size());
  EXPECT_OK(index);
  return index.ok() ? **index : FieldIndex();
}

void ExpectSameAsMatches(const FieldIndex& index,
                         const std::vector<Metadata>& rows,
                         const std::string& filter, const std::string& trace) {
  const absl::StatusOr<Filter> parsed = Filter::Parse(filter);
  ASSERT_OK(parsed) << trace << filter;
  const Bitmap passing = index.Evaluate(*parsed);
  ASSERT_EQ(passing.size(), rows.size());
  for (size_t row = 0; row < rows.size(); ++row) {
    ASSERT_EQ(passing.Test(row), Matches(*parsed, rows[row]))
        << trace << "row " << row << ", filter " << filter;
  }
}

}  // namespace likeness::testing
