#include "engine/filter/field_values.h"

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/random.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/filter/random_filters.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::IndexOf;

using Rows = std::vector<uint32_t>;

Rows RowsOfKey(const FieldValues& values, const std::string& key) {
  Rows rows;
  values.AppendRows(key, rows);
  return rows;
}

TEST(FieldValuesTest, WorkedByHand) {
  const std::string text(1000, 'x');
  const FieldIndex index = IndexOf({
      {{"product", "a"}},
      {{"product", int64_t{20}}},
      {},
      {{"product", "a"}, {"other", "b"}},
      {{"product", 20.0}},
      {{"product", text}},
      {{"product", text + "y"}},
      {{"product", text}},
      {{"product", true}},
      {{"product", int64_t{-20}}},
  });
  const FieldValues values(index, "product");
  std::vector<std::string> keys;
  for (uint32_t row = 0; row < index.num_rows(); ++row) {
    const auto value = values.Of(row);
    keys.push_back(value.has_value() ? values.KeyOf(*value) : "");
  }
  EXPECT_EQ(keys[2], "");
  EXPECT_EQ(RowsOfKey(values, keys[0]), Rows({0, 3}));
  EXPECT_EQ(RowsOfKey(values, keys[1]), Rows({1}));
  EXPECT_EQ(RowsOfKey(values, keys[4]), Rows({4}));
  EXPECT_EQ(RowsOfKey(values, keys[5]), Rows({5, 7}));
  EXPECT_EQ(RowsOfKey(values, keys[6]), Rows({6}));
  EXPECT_EQ(RowsOfKey(values, keys[8]), Rows({8}));
  EXPECT_EQ(RowsOfKey(values, keys[9]), Rows({9}));
  const FieldValues nothing(index, "no such field");
  EXPECT_FALSE(nothing.Of(0).has_value());
  EXPECT_TRUE(RowsOfKey(nothing, keys[0]).empty());
}

TEST(FieldValuesTest, KeysAreThoseOfAnyOtherIndex) {
  const FieldIndex one = IndexOf({{{"p", "b"}}, {{"p", int64_t{7}}}});
  const FieldIndex two =
      IndexOf({{{"p", "a"}}, {{"p", int64_t{3}}}, {{"p", "b"}}});
  const FieldValues of_one(one, "p");
  const FieldValues of_two(two, "p");
  EXPECT_EQ(of_one.KeyOf(*of_one.Of(0)), of_two.KeyOf(*of_two.Of(2)));
  EXPECT_TRUE(RowsOfKey(of_two, of_one.KeyOf(*of_one.Of(1))).empty());
}

// The first who ask, at the same time, make the way back.
TEST(FieldValuesTest, ManyThreadsReadManyValues) {
  constexpr uint32_t kRows = 3000;
  Random random(1);
  std::vector<Metadata> rows(kRows);
  std::map<std::string, Rows> expected;
  for (uint32_t row = 0; row < kRows; ++row) {
    if (random.Chance(0.1)) continue;
    const std::string value = absl::StrCat("value ", random.Below(400));
    rows[row]["p"] = value;
    expected[value].push_back(row);
  }
  const FieldIndex index = IndexOf(rows);
  const size_t before = index.memory_bytes();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const FieldValues values(index, "p");
      for (const auto& [text, of_text] : expected) {
        for (const uint32_t row : of_text) {
          const auto value = values.Of(row);
          ASSERT_TRUE(value.has_value());
          ASSERT_EQ(RowsOfKey(values, values.KeyOf(*value)), of_text);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(index.memory_bytes(), before + kRows * sizeof(uint32_t));
}

TEST(CheckGroupableTest, ThereMustBeAFieldWithOneValueAnItem) {
  FieldTypes types;
  types.Add("product", FieldType::kString);
  types.Add("product", FieldType::kInt64);
  types.Add("tags", FieldType::kString);
  types.Add("tags", FieldType::kStringList);
  EXPECT_OK(CheckGroupable("product", types));
  EXPECT_THAT(CheckGroupable("prodcut", types),
              Fails(absl::StatusCode::kInvalidArgument, "\"product\"?"));
  EXPECT_THAT(CheckGroupable("prodcut", types), BlamesField("group_by"));
  EXPECT_THAT(CheckGroupable("tags", types),
              Fails(absl::StatusCode::kInvalidArgument, "list of strings"));
  EXPECT_THAT(CheckGroupable(std::string(1'000'000, 'x'), types),
              BlamesField("group_by"));
}

}  // namespace
}  // namespace likeness
