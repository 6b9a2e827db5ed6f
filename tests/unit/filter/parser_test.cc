#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "engine/core/random.h"
#include "engine/filter/filter.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;

// The canonical form, or the error.
std::string Canonical(absl::string_view text) {
  const absl::StatusOr<Filter> filter = Filter::Parse(text);
  return filter.ok() ? filter->ToString()
                     : std::string(filter.status().message());
}

std::string Repeated(absl::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) absl::StrAppend(&all, text);
  return all;
}

TEST(FilterParseTest, TakesEveryComparator) {
  EXPECT_EQ(Canonical("a=1"), "a = 1");
  EXPECT_EQ(Canonical("a != 1"), "a != 1");
  EXPECT_EQ(Canonical("a<1"), "a < 1");
  EXPECT_EQ(Canonical("a<= -1.5e3"), "a <= -1.5e3");
  EXPECT_EQ(Canonical("a >1"), "a > 1");
  EXPECT_EQ(Canonical("a>=1"), "a >= 1");
  EXPECT_EQ(Canonical("tags : used"), "tags:\"used\"");
  EXPECT_EQ(Canonical("tags:*"), "tags:*");
}

TEST(FilterParseTest, BindsOrTighterThanAndAsAip160Does) {
  EXPECT_EQ(Canonical("a=1 AND b=2 OR c=3"), "a = 1 AND (b = 2 OR c = 3)");
  EXPECT_EQ(Canonical("a=1 OR b=2 AND c=3"), "(a = 1 OR b = 2) AND c = 3");
  EXPECT_EQ(Canonical("a=1 b=2 OR c=3"), "a = 1 AND (b = 2 OR c = 3)");
  EXPECT_EQ(Canonical("(a=1 AND b=2) OR c=3"), "(a = 1 AND b = 2) OR c = 3");
}

TEST(FilterParseTest, JuxtapositionIsAnd) {
  EXPECT_EQ(Canonical("a=1 b=2\n(c=3)-d=4"),
            "a = 1 AND b = 2 AND c = 3 AND NOT d = 4");
}

TEST(FilterParseTest, MinusAndNotAreTheSame) {
  EXPECT_EQ(Canonical("-a=1"), "NOT a = 1");
  EXPECT_EQ(Canonical("NOT (a=1 b=2)"), "NOT (a = 1 AND b = 2)");
  EXPECT_EQ(Canonical("NOT -a=1"), "a = 1") << "two negations are none";
  EXPECT_EQ(Canonical("NOT (NOT a=-1)"), "a = -1");
}

TEST(FilterParseTest, AnEmptyExpressionMatchesEverything) {
  for (const absl::string_view text : {"", "  \n\t"}) {
    const absl::StatusOr<Filter> filter = Filter::Parse(text);
    ASSERT_OK(filter);
    EXPECT_TRUE(filter->matches_all());
    EXPECT_EQ(filter->ToString(), "");
  }
  EXPECT_TRUE(Filter().matches_all());
}

TEST(FilterParseTest, ReadsTextsWithAndWithoutQuotes) {
  EXPECT_EQ(Canonical("a = acme"), "a = \"acme\"");
  EXPECT_EQ(Canonical("a = 'it is \"x\"'"), R"(a = "it is \"x\"")");
  EXPECT_EQ(Canonical(R"(a = "\\ \' \" \* \n\t\r")"),
            R"(a = "\\ ' \" \* \n\t\r")");
  EXPECT_EQ(Canonical("a = \"20\""), "a = \"20\"") << "a text, not a number";
  EXPECT_EQ(Canonical("a = 20"), "a = 20");
  EXPECT_EQ(Canonical("a = true"), "a = true");
  EXPECT_EQ(Canonical("url:http://x.org/a-b"), "url:\"http://x.org/a-b\"");
  EXPECT_EQ(Canonical("t > 2026-01-31T10:00:00+01:00"),
            "t > \"2026-01-31T10:00:00+01:00\"");
  EXPECT_EQ(Canonical("gr\u00f6\u00dfe = \u5927"),
            "gr\u00f6\u00dfe = \"\u5927\"");
  EXPECT_EQ(Canonical("a\u00a0=\u00a0x"), "a = \"x\"") << "no-break spaces";
}

TEST(FilterParseTest, FieldNamesOfAnyKindCanBeQuoted) {
  EXPECT_EQ(Canonical("\"net price\" < 20"), "\"net price\" < 20");
  EXPECT_EQ(Canonical("\"brand\" = x"), "brand = \"x\"");
  EXPECT_EQ(Canonical("\"OR\" = 1 OR '-a' = 2"), "\"OR\" = 1 OR \"-a\" = 2");
  for (const absl::string_view name :
       {"AND", "and", "Or", "not", "in", "&&", "||"}) {
    const std::string quoted = absl::StrCat("\"", name, "\" = 1");
    EXPECT_EQ(Canonical(quoted), quoted) << "refused without quotes";
  }
  EXPECT_EQ(Canonical("item.id = a"), "item.id = \"a\"");
}

TEST(FilterParseTest, AStarAtTheEndIsAPrefix) {
  const absl::StatusOr<Filter> filter = Filter::Parse("a = \"abc*\"");
  ASSERT_OK(filter);
  EXPECT_TRUE(filter->root().comparison.value.is_prefix);
  EXPECT_EQ(filter->root().comparison.value.text, "abc");
  EXPECT_EQ(Canonical("a = abc*"), "a = \"abc*\"");
  EXPECT_EQ(Canonical(R"(a = "abc\*")"), R"(a = "abc\*")");
  EXPECT_EQ(Canonical(R"(a = "\**")"), R"(a = "\**")");
}

TEST(FilterParseTest, SeveralValuesOfOneField) {
  EXPECT_EQ(Canonical("a IN (x, \"y\", 3)"), "a:\"x\" OR a:\"y\" OR a:3");
  EXPECT_EQ(Canonical("a IN (x)"), "a:\"x\"");
  EXPECT_EQ(Canonical("NOT a IN (x,y)"), "NOT (a:\"x\" OR a:\"y\")");
  EXPECT_EQ(Canonical("a = (x OR y)"), "a = \"x\" OR a = \"y\"");
  EXPECT_EQ(Canonical("a:(x AND NOT y) b=1"),
            "a:\"x\" AND NOT a:\"y\" AND b = 1");
  EXPECT_EQ(Canonical("a = (-5 OR 3)"), "a = -5 OR a = 3");
}

TEST(FilterParseTest, ReadsAValueInEveryWayItAllows) {
  const auto value = [](absl::string_view text) {
    const absl::StatusOr<Filter> filter =
        Filter::Parse(absl::StrCat("a = ", text));
    EXPECT_OK(filter);
    return filter->root().comparison.value;
  };
  using Number = std::variant<int64_t, double>;
  EXPECT_EQ(value("9007199254740993").number, Number(9007199254740993));
  EXPECT_EQ(value("-9223372036854775808").number,
            Number(std::numeric_limits<int64_t>::min()));
  EXPECT_EQ(value("9223372036854775808").number, std::nullopt)
      << "never a rounded number";
  EXPECT_EQ(value("1.5").number, Number(1.5));
  EXPECT_EQ(value("2e3").number, Number(2000.0));
  EXPECT_EQ(value("1e999").number, std::nullopt);
  for (const absl::string_view text :
       {"nan", "inf", "0x10", "1e", "-", "1-2"}) {
    EXPECT_EQ(value(text).number, std::nullopt) << text;
  }
  EXPECT_EQ(value("1970-01-02").unix_micros, 86'400'000'000);
  EXPECT_EQ(value("\"1970-01-01T01:00:00.0000019+01:00\"").unix_micros, 1);
  EXPECT_EQ(value("1969-12-31T23:59:59.9999999Z").unix_micros, -1);
  for (const absl::string_view text :
       {"1970-1-2", "\"1970-01-02 10:00:00Z\"", "1970-13-01", "infinite-future",
        "1970-01-02T10:00", "\" 1970-01-02\""}) {
    EXPECT_EQ(value(text).unix_micros, std::nullopt) << text;
  }
  EXPECT_EQ(value("false").boolean, false);
  EXPECT_EQ(value("'false'").boolean, std::nullopt);
}

TEST(FilterParseTest, ErrorsSayWhereWhatAndWhatInstead) {
  EXPECT_EQ(Canonical("a ="),
            "filter: column 4: found the end of the filter, expected a value");
  EXPECT_EQ(Canonical("price < 20 AND"),
            "filter: column 15: found the end of the filter, expected a field "
            "name, NOT or (");
  EXPECT_EQ(Canonical("gr\u00f6\u00dfe ~ 3"),
            "filter: column 7: found `~`, expected = != < <= > >= : or IN")
      << "columns are characters";
  EXPECT_EQ(Canonical("a == 1"), "filter: column 3: found `==`, expected =");
  EXPECT_EQ(Canonical("a = 1 and b = 2"),
            "filter: column 7: found `and`, expected operators as AND, OR, NOT "
            "and IN (a field of that name needs quotes)");
  EXPECT_EQ(Canonical("acme"),
            "filter: column 1: found `acme`, expected a comparison: a value "
            "needs its field, as in field = value");
  EXPECT_EQ(Canonical("(a=1"),
            "filter: column 5: found the end of the filter, expected AND, OR "
            "or ) for the ( in column 1");
  EXPECT_EQ(Canonical("a=1)"),
            "filter: column 4: found `)`, expected AND, OR or the end of the "
            "filter");
  EXPECT_EQ(Canonical("a = \"x"),
            "filter: column 5: the text in quotes has no end: expected \"");
  EXPECT_EQ(Canonical("a = \u201cx\u201d"),
            "filter: column 5: found `\u201cx\u201d`, expected a straight "
            "quote: \"");
  EXPECT_EQ(Canonical("a = x*y"),
            "filter: column 6: found `*y`, expected a wildcard only at the "
            "end; write \\* for a star");
  EXPECT_EQ(Canonical("a != (b OR c)"),
            "filter: column 6: found `(`, expected a value: only = and : take "
            "several in parentheses");
  for (const absl::string_view text :
       {"= 1",     "a = 1 OR",   "OR a = 1", "a IN x",      "a IN (",
        "a IN ()", "a IN (x y)", "a < x*",   R"(a = "\q")", "()",
        "a = ()",  "a = b = c",  "a : : b",  ",",           "a = 1,",
        "a = OR",  "NOT",        "-",        "\"a",         "a = \"\\"}) {
    EXPECT_THAT(Filter::Parse(text), BlamesField("filter")) << text;
    EXPECT_THAT(Filter::Parse(text),
                Fails(absl::StatusCode::kInvalidArgument, "column"))
        << text;
  }
  EXPECT_THAT(Filter::Parse("a = \xff"),
              Fails(absl::StatusCode::kInvalidArgument, "UTF-8"));
}

TEST(FilterParseTest, LimitsAreNamed) {
  const std::string long_text =
      absl::StrCat("a = \"", std::string(kMaxFilterBytes, 'x'), "\"");
  EXPECT_THAT(Filter::Parse(long_text),
              Fails(absl::StatusCode::kInvalidArgument, "65536"));
  const auto nested = [](size_t depth) {
    return absl::StrCat(Repeated("(", depth), "a=1", Repeated(")", depth));
  };
  EXPECT_OK(Filter::Parse(nested(kMaxFilterDepth)));
  EXPECT_THAT(Filter::Parse(nested(kMaxFilterDepth + 1)),
              Fails(absl::StatusCode::kInvalidArgument, "64"));
  EXPECT_OK(Filter::Parse(Repeated("a=1 ", kMaxFilterTerms)));
  EXPECT_THAT(Filter::Parse(Repeated("a=1 ", kMaxFilterTerms + 1)),
              Fails(absl::StatusCode::kInvalidArgument, "4096"));
  EXPECT_OK(Filter::Parse(absl::StrCat(std::string(128, 'x'), " = 1")));
  // Else thousands of values, each with its field, would take as often 64 KiB.
  EXPECT_THAT(Filter::Parse(absl::StrCat("'", std::string(129, 'x'), "' = 1")),
              Fails(absl::StatusCode::kInvalidArgument, "128"));
  EXPECT_OK(Filter::Parse(absl::StrCat("a < ", std::string(256, 'x'))));
  EXPECT_THAT(Filter::Parse(absl::StrCat("a < ", std::string(257, 'x'))),
              Fails(absl::StatusCode::kInvalidArgument, "256"));
  EXPECT_THAT(Filter::Parse(absl::StrCat("a = ", std::string(257, 'x'), "*")),
              Fails(absl::StatusCode::kInvalidArgument, "256"));
  EXPECT_OK(Filter::Parse(absl::StrCat("a = ", std::string(5000, 'x'))));
}

// A stack overflow, if there were one, would end the test program.
TEST(FilterParseTest, NoDepthOfNestingOverflowsTheStack) {
  EXPECT_THAT(Filter::Parse(std::string(kMaxFilterBytes, '(')),
              Fails(absl::StatusCode::kInvalidArgument, "nested"));
  EXPECT_THAT(Filter::Parse(std::string(kMaxFilterBytes, '-')),
              BlamesField("filter"));
  EXPECT_THAT(Filter::Parse(Repeated("NOT ", kMaxFilterBytes / 4)),
              BlamesField("filter"));
  EXPECT_THAT(Filter::Parse(Repeated("a:(", kMaxFilterBytes / 3)),
              BlamesField("filter"));
}

TEST(FilterParseTest, NoBytesCrashIt) {
  constexpr uint64_t kSeed = 20'261;
  const std::string valid =
      "brand = \"ac\\\"me*\" AND (price < 20 OR -tags:(a OR b)) n IN (1,'x') "
      "t>\"2026-01-31\"";
  const absl::string_view pieces = "()\"'\\*:=!<>,- \nANDORNTI019.eEtx\xc3\xb6";
  size_t parsed = 0;
  for (uint64_t round = 0; round < 20'000; ++round) {
    Random random(kSeed, round);
    std::string text = round % 2 == 0 ? valid : "";
    for (size_t i = random.Below(40) + (round % 2) * 10; i > 0; --i) {
      const size_t at = random.Below(text.size() + 1);
      const char piece = random.Chance(0.05)
                             ? static_cast<char>(random.Below(256))
                             : pieces[random.Below(pieces.size())];
      if (random.Chance(0.3) && at < text.size()) {
        text.erase(at, 1 + random.Below(5));
      } else {
        text.insert(at, 1, piece);
      }
      if (random.Chance(0.1)) break;
    }
    const absl::StatusOr<Filter> filter = Filter::Parse(text);
    if (!filter.ok()) {
      ASSERT_THAT(filter, BlamesField("filter"));
      continue;
    }
    ++parsed;
    const std::string canonical = filter->ToString();
    const absl::StatusOr<Filter> again = Filter::Parse(canonical);
    ASSERT_OK(again) << "seed " << kSeed << ", round " << round << ": " << text;
    ASSERT_EQ(again->ToString(), canonical)
        << "seed " << kSeed << ", round " << round << ": " << text;
  }
  EXPECT_GT(parsed, 500U);
}

}  // namespace
}  // namespace likeness
