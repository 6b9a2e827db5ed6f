#include <string>
#include <vector>

#include "engine/filter/built_in_fields.h"
#include "engine/filter/field_types.h"
#include "engine/filter/filter.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;

FieldTypes Types() {
  FieldTypes types;
  types.Add("brand", FieldType::kString);
  types.Add("stock", FieldType::kInt64);
  types.Add("price", FieldType::kDouble);
  types.Add("new", FieldType::kBool);
  types.Add("created", FieldType::kTimestamp);
  types.Add("tags", FieldType::kStringList);
  types.Add("mixed", FieldType::kString);
  types.Add("mixed", FieldType::kInt64);
  return types;
}

absl::Status Check(absl::string_view text,
                   UnknownFields unknown = UnknownFields::kRefuse) {
  const absl::StatusOr<Filter> filter = Filter::Parse(text);
  EXPECT_OK(filter) << text;
  return CheckTypes(*filter, Types(), unknown);
}

std::string Message(absl::string_view text) {
  return std::string(Check(text).message());
}

TEST(CheckTypesTest, TakesWhatCanBeCompared) {
  EXPECT_OK(Check(
      "brand = acme brand < \"b\" brand = 12 brand:a* stock < 20.5 price = 3 "
      "new = true new != false created >= 2026-01-01 tags:used tags IN (a, b) "
      "brand:* stock:* price:* new:* created:* tags:* mixed = 5 mixed > 5 "
      "mixed = x mixed = \"x*\""));
  EXPECT_OK(Check(""));
}

TEST(CheckTypesTest, SaysWhereWhatAndWhatInstead) {
  EXPECT_EQ(Message("brand = x AND price < abc"),
            "filter: column 23: found < \"abc\", but the field \"price\" is of "
            "the type double: expected a number");
  EXPECT_THAT(Check("price < \"20\""),
              Fails(absl::StatusCode::kInvalidArgument,
                    "expected a number: write 20 without quotes"));
  EXPECT_THAT(Check("stock = 9223372036854775808"),
              Fails(absl::StatusCode::kInvalidArgument, "64 bits"));
  EXPECT_THAT(Check("stock = 12*"),
              Fails(absl::StatusCode::kInvalidArgument, "wildcard"));
  EXPECT_THAT(Check("brand < 20"),
              Fails(absl::StatusCode::kInvalidArgument, "text in quotes"));
  EXPECT_THAT(Check("new = 1"),
              Fails(absl::StatusCode::kInvalidArgument, "true or false"));
  EXPECT_THAT(Check("new < true"),
              Fails(absl::StatusCode::kInvalidArgument, "no order"));
  EXPECT_THAT(Check("created > yesterday"),
              Fails(absl::StatusCode::kInvalidArgument, "RFC 3339"));
  EXPECT_THAT(Check("tags = used"),
              Fails(absl::StatusCode::kInvalidArgument, "\":\""));
  EXPECT_THAT(Check("NOT (brand = x OR tags < \"u\")"), BlamesField("filter"));
}

TEST(CheckTypesTest, AnUnknownFieldComesWithCloseNames) {
  EXPECT_EQ(Message("brnad = x"),
            "filter: column 1: there is no field \"brnad\"; did you mean "
            "\"brand\"?");
  EXPECT_EQ(Message("x:y"),
            "filter: column 1: there is no field \"x\"; there are brand, "
            "created, mixed, new, price, stock, tags");
  EXPECT_OK(Check("x:y", UnknownFields::kAllow));
  const absl::StatusOr<Filter> filter = Filter::Parse("x = 1");
  ASSERT_OK(filter);
  EXPECT_THAT(CheckTypes(*filter, FieldTypes()),
              Fails(absl::StatusCode::kInvalidArgument, "any field"));
}

TEST(FieldTypesTest, GathersTheTypesOfAField) {
  FieldTypes types;
  types.Add(Metadata{{"a", "x"}, {"b", 1.0}});
  FieldTypes more;
  more.Add(Metadata{{"a", int64_t{1}}, {"c", std::vector<std::string>{}}});
  types.Add(more);
  EXPECT_EQ(types.Of("a").ToString(), "string and int64");
  EXPECT_EQ(types.Of("b").ToString(), "double");
  EXPECT_EQ(types.Of("c").ToString(), "list of strings");
  EXPECT_TRUE(types.Of("d").empty());
}

TEST(CheckTypesTest, KnowsTheBuiltInFields) {
  const absl::StatusOr<Filter> filter = Filter::Parse(
      "item.id = a* item.source:* item.create_time > 2026-01-01 "
      "item.update_time > 2026-01-01 picture.width >= 640 picture.height < 10 "
      "picture.size_bytes < 1e6 picture.format IN (jpeg, png)");
  ASSERT_OK(filter);
  EXPECT_OK(CheckTypes(*filter, BuiltInFieldTypes()));
}

}  // namespace
}  // namespace likeness
