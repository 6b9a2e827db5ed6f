#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "engine/filter/filter.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using Strings = std::vector<std::string>;

bool Passes(const Metadata& metadata, absl::string_view text) {
  const absl::StatusOr<Filter> filter = Filter::Parse(text);
  EXPECT_OK(filter) << text;
  return filter.ok() && Matches(*filter, metadata);
}

TEST(MatchesTest, TheExampleOfTheManual) {
  const absl::string_view filter =
      "brand = \"acme\" AND price < 20 AND NOT tags:\"used\" AND created > "
      "\"2026-01-01\"";
  Metadata item = {{"brand", "acme"},
                   {"price", 19.99},
                   {"tags", Strings{"red", "new"}},
                   {"created", absl::FromUnixSeconds(1'767'225'601)}};
  EXPECT_TRUE(Passes(item, filter));
  item["tags"] = Strings{"red", "used"};
  EXPECT_FALSE(Passes(item, filter));
  item["tags"] = Strings{};
  EXPECT_TRUE(Passes(item, filter));
  item["price"] = int64_t{20};
  EXPECT_FALSE(Passes(item, filter));
  item["price"] = int64_t{19};
  EXPECT_TRUE(Passes(item, filter));
  item["created"] = absl::FromUnixSeconds(1'767'225'600);
  EXPECT_FALSE(Passes(item, filter)) << "midnight itself is not after it";
}

TEST(MatchesTest, AnAbsentFieldEqualsNothingAndDiffersFromEverything) {
  const Metadata none;
  for (const absl::string_view text :
       {"a = 1", "a < 1", "a >= 1", "a:x", "a:*", "a = \"*\"", "a IN (1, 2)"}) {
    EXPECT_FALSE(Passes(none, text)) << text;
  }
  EXPECT_TRUE(Passes(none, "a != 1"));
  EXPECT_TRUE(Passes(none, "NOT a = 1"));
  EXPECT_TRUE(Passes(none, "NOT a < 1")) << "not the same as a >= 1";
  EXPECT_FALSE(Passes(none, "a:* AND a != 1"));
}

TEST(MatchesTest, IntegersAndDoublesCompareAsTheNumbersTheyAre) {
  constexpr int64_t kBig = (int64_t{1} << 53) + 1;  // No double.
  EXPECT_TRUE(Passes({{"n", kBig}}, "n = 9007199254740993"));
  EXPECT_FALSE(Passes({{"n", kBig}}, "n = 9007199254740992"));
  EXPECT_FALSE(Passes({{"n", kBig}}, "n = 9007199254740992.0"));
  EXPECT_TRUE(Passes({{"n", kBig}}, "n > 9007199254740992.0"));
  EXPECT_TRUE(Passes({{"n", kBig}}, "n < 9007199254740994.0"));
  EXPECT_FALSE(Passes({{"n", 0x1p53}}, "n = 9007199254740993"));
  EXPECT_TRUE(Passes({{"n", 0x1p53}}, "n < 9007199254740993"));
  EXPECT_TRUE(Passes({{"n", 0x1p53 + 2}}, "n > 9007199254740993"));
  EXPECT_TRUE(Passes({{"n", 0x1p63}}, "n > 9223372036854775807"));
  EXPECT_TRUE(Passes({{"n", std::numeric_limits<int64_t>::max()}},
                     "n < 9223372036854775808.0"));
  EXPECT_TRUE(Passes({{"n", int64_t{20}}}, "n = 20.0"));
  EXPECT_TRUE(Passes({{"n", 20.0}}, "n = 20"));
  EXPECT_TRUE(Passes({{"n", int64_t{-2}}}, "n < -1.5"));
  EXPECT_FALSE(Passes({{"n", int64_t{-1}}}, "n < -1.5"));
  EXPECT_TRUE(Passes({{"n", -0.0}}, "n = 0 AND n >= 0.0"));
  EXPECT_TRUE(Passes({{"n", int64_t{7}}}, "n < 1e300 AND n > -1e300"));
}

TEST(MatchesTest, TextsCompareByTheirBytes) {
  const Metadata item = {{"s", "m\u00fcller"}};
  EXPECT_TRUE(Passes(item, "s = m\u00fcller"));
  EXPECT_FALSE(Passes(item, "s = M\u00fcller")) << "case counts";
  EXPECT_TRUE(Passes(item, "s > mz")) << "beyond ASCII comes after it";
  EXPECT_TRUE(Passes(item, "s = \"m*\" s:m* s = \"*\""));
  EXPECT_FALSE(Passes(item, "s = \"x*\""));
  EXPECT_TRUE(Passes({{"s", "12"}}, "s = 12")) << "a word in a text's place";
  EXPECT_TRUE(Passes({{"s", "a*"}}, R"(s = "a\*")"));
  EXPECT_FALSE(Passes({{"s", "ab"}}, R"(s = "a\*")"));
}

TEST(MatchesTest, HasLooksIntoListsAndComparesEverythingElse) {
  const Metadata item = {{"tags", Strings{"red", "wool"}}, {"brand", "acme"}};
  EXPECT_TRUE(Passes(item, "tags:red"));
  EXPECT_TRUE(Passes(item, "tags:(red AND wool)"));
  EXPECT_FALSE(Passes(item, "tags:(red AND silk)"));
  EXPECT_TRUE(Passes(item, "tags:wo*"));
  EXPECT_FALSE(Passes(item, "tags:wo"));
  EXPECT_TRUE(Passes(item, "tags IN (silk, wool)"));
  EXPECT_FALSE(Passes(item, "tags = red")) << "a list is not its member";
  EXPECT_TRUE(Passes(item, "brand:acme brand IN (acme)"));
}

TEST(MatchesTest, PresenceIsTheFieldBeingThere) {
  const Metadata item = {{"empty", Strings{}}, {"no", false}, {"text", ""}};
  EXPECT_TRUE(Passes(item, "empty:* no:* text:*"));
  EXPECT_FALSE(Passes(item, "other:*"));
}

TEST(MatchesTest, ValuesOfAnotherTypeDoNotMatch) {
  EXPECT_FALSE(Passes({{"a", "20"}}, "a < 30")) << "a number needs numbers";
  EXPECT_FALSE(Passes({{"a", int64_t{20}}}, "a = \"20\""));
  EXPECT_FALSE(Passes({{"a", true}}, "a = 1"));
  EXPECT_TRUE(Passes({{"a", true}}, "a = true"));
  EXPECT_TRUE(Passes({{"a", "true"}}, "a = true"));
  EXPECT_FALSE(Passes({{"a", true}}, "a = \"true\""));
  EXPECT_TRUE(Passes({{"a", absl::FromUnixSeconds(0)}}, "a != 5"));
  EXPECT_TRUE(Passes({{"a", "2026-03-01"}}, "a > \"2026-01-01\""));
}

TEST(MatchesTest, TimesAreWholeMicroseconds) {
  const absl::Time time =
      absl::FromUnixMicros(5) + absl::Nanoseconds(700);  // Stored as 5.
  EXPECT_TRUE(Passes({{"t", time}}, "t = \"1970-01-01T00:00:00.000005Z\""));
  EXPECT_TRUE(Passes({{"t", time}}, "t = \"1970-01-01T00:00:00.0000059Z\""));
  EXPECT_TRUE(Passes({{"t", time}}, "t < \"1970-01-01T00:00:00.000006Z\""));
}

}  // namespace
}  // namespace likeness
