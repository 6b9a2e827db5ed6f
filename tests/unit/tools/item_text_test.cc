#include "tools/item_text.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;

TEST(ItemTextTest, AValueThatIsJsonIsTakenAsSuch) {
  const std::vector<std::pair<std::string, MetadataValue>> expected = {
      {"a=12", int64_t{12}},
      {"a=-12", int64_t{-12}},
      {"a=1.5", 1.5},
      {"a=true", true},
      {"a=\"12\"", std::string("12")},
      {"a=[\"x\", \"y\"]", std::vector<std::string>{"x", "y"}},
      {"a=green", std::string("green")},
      {"a=1=2", std::string("1=2")},
      {"a=", std::string()}};
  for (const auto& [argument, value] : expected) {
    ASSERT_OK_AND_ASSIGN(const auto field, ParseField(argument));
    EXPECT_EQ(field.first, "a");
    EXPECT_EQ(field.second, value) << argument;
  }
}

TEST(ItemTextTest, WhatIsNoFieldIsRefused) {
  for (const char* argument : {"a", "=1"}) {
    EXPECT_THAT(ParseField(argument),
                Fails(absl::StatusCode::kInvalidArgument, "NAME=VALUE"));
  }
  for (const char* argument :
       {"a=null", "a={}", "a=[1]", "a=18446744073709551615"}) {
    EXPECT_THAT(ParseField(argument),
                Fails(absl::StatusCode::kInvalidArgument, "quotes"))
        << argument;
  }
}

TEST(ItemTextTest, ShowsWhatThereIs) {
  v1::Item item;
  item.set_id("a");
  item.set_op_id(7);
  item.mutable_expire_time()->set_seconds(1);
  (*item.mutable_metadata())["z"].set_bool_value(true);
  (*item.mutable_metadata())["b"].set_string_value("x");
  EXPECT_EQ(ItemText(item),
            "id: a\nop_id: 7\ncreate_time: 1970-01-01T00:00:00+00:00\n"
            "update_time: 1970-01-01T00:00:00+00:00\n"
            "expire_time: 1970-01-01T00:00:01+00:00\n"
            "  b = \"x\"\n  z = true\n");
}

}  // namespace
}  // namespace likeness
