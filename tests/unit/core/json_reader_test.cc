#include "engine/core/json_reader.h"

#include <string>

#include "engine/core/enum_names.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using nlohmann::json;
using testing::BlamesField;
using testing::Fails;

enum class Fruit { kApple, kPear, kFig };

constexpr EnumName<Fruit> kFruits[] = {
    {Fruit::kApple, "apple"}, {Fruit::kPear, "pear"}, {Fruit::kFig, "fig"}};

absl::StatusOr<Fruit> ParseFruit(absl::string_view name) {
  return ParseName(kFruits, "fruit", name);
}

struct Settings {
  double share = 0.5;
  int count = 3;
  int64_t bytes = 7;
  bool ripe = false;
  std::string name = "none";
  Fruit fruit = Fruit::kApple;
};

absl::Status ReadSettings(const json& object, Settings& settings,
                          absl::string_view field = "basket") {
  JsonReader reader(object, field);
  reader.Read("share", settings.share);
  reader.Read("count", settings.count);
  reader.Read("bytes", settings.bytes);
  reader.Read("ripe", settings.ripe);
  reader.Read("name", settings.name);
  reader.Read("fruit", settings.fruit, ParseFruit);
  return reader.Finish();
}

TEST(JsonReaderTest, ReadsEveryKindOfMember) {
  Settings settings;
  ASSERT_OK(ReadSettings({{"share", 1},
                          {"count", -4},
                          {"bytes", int64_t{1} << 40},
                          {"ripe", true},
                          {"name", "two"},
                          {"fruit", "fig"}},
                         settings));
  EXPECT_EQ(settings.share, 1);
  EXPECT_EQ(settings.count, -4);
  EXPECT_EQ(settings.bytes, int64_t{1} << 40);
  EXPECT_TRUE(settings.ripe);
  EXPECT_EQ(settings.name, "two");
  EXPECT_EQ(settings.fruit, Fruit::kFig);
}

TEST(JsonReaderTest, WhatIsAbsentLeavesItsDefault) {
  Settings settings;
  ASSERT_OK(ReadSettings(json::object(), settings));
  EXPECT_EQ(settings.share, 0.5);
  EXPECT_EQ(settings.count, 3);
  EXPECT_EQ(settings.bytes, 7);
  EXPECT_FALSE(settings.ripe);
  EXPECT_EQ(settings.name, "none");
  EXPECT_EQ(settings.fruit, Fruit::kApple);
}

TEST(JsonReaderTest, BlamesTheMemberOfTheWrongKind) {
  Settings settings;
  EXPECT_THAT(ReadSettings({{"share", "half"}}, settings),
              BlamesField("basket.share"));
  EXPECT_THAT(ReadSettings({{"share", nullptr}}, settings),
              BlamesField("basket.share"));
  EXPECT_THAT(ReadSettings({{"count", 1.5}}, settings),
              BlamesField("basket.count"));
  EXPECT_THAT(ReadSettings({{"count", int64_t{1} << 31}}, settings),
              BlamesField("basket.count"));
  EXPECT_THAT(ReadSettings({{"bytes", uint64_t{1} << 63}}, settings),
              BlamesField("basket.bytes"));
  EXPECT_THAT(ReadSettings({{"ripe", 1}}, settings),
              BlamesField("basket.ripe"));
  EXPECT_THAT(ReadSettings({{"name", 1}}, settings),
              BlamesField("basket.name"));
  EXPECT_THAT(ReadSettings({{"fruit", 1}}, settings),
              BlamesField("basket.fruit"));
}

TEST(JsonReaderTest, ListsTheChoicesWhereANameIsUnknown) {
  Settings settings;
  EXPECT_THAT(ReadSettings({{"fruit", "plum"}}, settings),
              Fails(absl::StatusCode::kInvalidArgument,
                    "basket.fruit: there is no fruit \"plum\"; use apple, pear "
                    "or fig"));
}

TEST(JsonReaderTest, RefusesMembersThatNothingReads) {
  Settings settings;
  const absl::Status status =
      ReadSettings({{"share", 0.25}, {"colour", "red"}}, settings);
  EXPECT_THAT(status, BlamesField("basket.colour"));
  EXPECT_THAT(status, Fails(absl::StatusCode::kInvalidArgument,
                            "bytes, count, fruit, name, ripe, share"));
}

TEST(JsonReaderTest, TellsTheFirstMistakeAndReadsNoFurther) {
  Settings settings;
  EXPECT_THAT(
      ReadSettings({{"count", "x"}, {"ripe", 1}, {"name", "two"}}, settings),
      BlamesField("basket.count"));
  EXPECT_EQ(settings.name, "none");
}

TEST(JsonReaderTest, WantsAnObject) {
  Settings settings;
  EXPECT_THAT(ReadSettings(json::array({1}), settings), BlamesField("basket"));
  EXPECT_THAT(ReadSettings(3, settings, ""), BlamesField("document"));
}

TEST(JsonReaderTest, PathsOfADocumentBeginWithTheMember) {
  Settings settings;
  EXPECT_THAT(ReadSettings({{"count", "x"}}, settings, ""),
              BlamesField("count"));
}

TEST(JsonReaderTest, RequireBlamesWhatIsMissing) {
  const json object = {{"a", 1}};
  JsonReader reader(object, "x");
  reader.Require("a");
  reader.Require("b");
  EXPECT_THAT(reader.Finish(), BlamesField("x.b"));
}

TEST(JsonReaderTest, MemberGivesWhatIsNoPlainValue) {
  const json object = {{"list", {1, 2}}};
  JsonReader reader(object, "x");
  ASSERT_NE(reader.Member("list"), nullptr);
  EXPECT_EQ(reader.Member("list")->size(), 2U);
  EXPECT_EQ(reader.Member("other"), nullptr);
  EXPECT_OK(reader.Finish());
}

}  // namespace
}  // namespace likeness
