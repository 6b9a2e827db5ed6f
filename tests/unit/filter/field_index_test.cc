#include "engine/filter/field_index.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/filter/built_in_fields.h"
#include "engine/filter/field_index_builder.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/filter/random_filters.h"

namespace likeness {
namespace {

using ::likeness::testing::HasReason;
using ::likeness::testing::IndexOf;
using Strings = std::vector<std::string>;

std::vector<size_t> Passing(const FieldIndex& index, absl::string_view text) {
  const absl::StatusOr<Filter> filter = Filter::Parse(text);
  EXPECT_OK(filter) << text;
  const Bitmap rows = index.Evaluate(*filter);
  std::vector<size_t> passing;
  for (size_t row = 0; row < rows.size(); ++row) {
    if (rows.Test(row)) passing.push_back(row);
  }
  return passing;
}

using Found = std::vector<size_t>;

TEST(FieldIndexTest, WorkedByHand) {
  const FieldIndex index = IndexOf({
      {{"brand", "acme"}, {"price", int64_t{5}}, {"tags", Strings{"a", "a"}}},
      {{"brand", "bolt"}, {"price", 7.5}, {"tags", Strings{"a", "b"}}},
      {},
      {{"brand", "acme"}, {"price", "on request"}, {"tags", Strings{}}},
      {{"brand", "acorn"}, {"price", int64_t{20}}, {"new", true}},
  });
  EXPECT_EQ(index.num_rows(), 5U);
  EXPECT_EQ(Passing(index, "brand = acme"), Found({0, 3}));
  EXPECT_EQ(Passing(index, "brand = \"ac*\""), Found({0, 3, 4}));
  EXPECT_EQ(Passing(index, "brand != acme"), Found({1, 2, 4}));
  EXPECT_EQ(Passing(index, "brand > \"acme\""), Found({1, 4}));
  EXPECT_EQ(Passing(index, "price < 20"), Found({0, 1}));
  EXPECT_EQ(Passing(index, "price = \"on*\""), Found({3}));
  EXPECT_EQ(Passing(index, "price >= 5 AND price < 20 AND price > 5.5"),
            Found({1}));
  EXPECT_EQ(Passing(index, "price > 5 AND price < 5"), Found({}));
  EXPECT_EQ(Passing(index, "price:*"), Found({0, 1, 3, 4}));
  EXPECT_EQ(Passing(index, "tags:a"), Found({0, 1}));
  EXPECT_EQ(Passing(index, "tags:*"), Found({0, 1, 3}));
  EXPECT_EQ(Passing(index, "NOT tags:a"), Found({2, 3, 4}));
  EXPECT_EQ(Passing(index, "new = true"), Found({4}));
  EXPECT_EQ(Passing(index, "new = false"), Found({}));
  EXPECT_EQ(Passing(index, "nothing = 1"), Found({}));
  EXPECT_EQ(Passing(index, ""), Found({0, 1, 2, 3, 4}));
  EXPECT_EQ(Passing(index, "brand = acme OR price = 20 AND tags:a"),
            Found({0}));
  EXPECT_EQ(Passing(index, "brand IN (bolt, acorn)"), Found({1, 4}));
}

TEST(FieldIndexTest, KnowsItsFieldsAndTypes) {
  const FieldIndex index =
      IndexOf({{{"a", "x"}, {"b", 1.0}}, {{"a", int64_t{1}}}});
  const FieldTypes types = index.types();
  EXPECT_EQ(types.fields().size(), 2U);
  EXPECT_EQ(types.Of("a").ToString(), "string and int64");
  EXPECT_EQ(types.Of("b").ToString(), "double");
}

TEST(FieldIndexTest, BuiltInFieldsAreAddedBesideTheCallers) {
  FieldIndexBuilder builder;
  BuiltInFacts facts;
  facts.id = "x";
  builder.Add(1, {{"a", true}});
  builder.Add(1, BuiltInFields(facts));
  const auto index = std::move(builder).Build(3);
  ASSERT_OK(index);
  EXPECT_EQ(Passing(**index, "a = true AND item.id = x"), Found({1}));
}

TEST(FieldIndexTest, ANameCountsOnceARow) {
  FieldIndexBuilder builder;
  builder.Add(0, {{"a", int64_t{1}}});
  builder.Add(0, {{"a", int64_t{2}}});
  const auto index = std::move(builder).Build(1);
  ASSERT_OK(index);
  EXPECT_EQ(Passing(**index, "a = 1"), Found({0}));
  EXPECT_EQ(Passing(**index, "a = 2"), Found({}));
  ASSERT_OK(FieldIndex::Parse((*index)->Serialize()));
}

TEST(FieldIndexTest, NoRowsPassNothing) {
  const FieldIndex index;
  EXPECT_EQ(Passing(index, "a = 1 OR NOT b:*"), Found({}));
}

TEST(FieldIndexTest, RefusesMoreRowsThanItCanNumber) {
  FieldIndexBuilder builder;
  EXPECT_THAT(std::move(builder).Build(kMaxFieldIndexRows + 1),
              HasReason(kReasonLimitExceeded));
}

TEST(FieldIndexTest, OneValueARowTakesFewBytes) {
  constexpr size_t kRows = 100'000;
  Random random(67);
  FieldIndexBuilder skus;
  FieldIndexBuilder prices;
  FieldIndexBuilder brands;
  for (uint32_t row = 0; row < kRows; ++row) {
    skus.Add(row, {{"sku", absl::StrCat("SKU-", 10'000'000 + row * 7)}});
    prices.Add(row, {{"price", random.Uniform()}});
    brands.Add(row, {{"brand", absl::StrCat("brand ", random.Below(100))}});
  }
  const auto bytes_a_row = [&](FieldIndexBuilder& builder) {
    const auto index = std::move(builder).Build(kRows);
    EXPECT_OK(index);
    return static_cast<double>((*index)->memory_bytes()) / kRows;
  };
  EXPECT_LT(bytes_a_row(skus), 13) << "a different text in every row";
  EXPECT_LT(bytes_a_row(prices), 15) << "a different number in every row";
  EXPECT_LT(bytes_a_row(brands), 5) << "one of a hundred texts";
}

}  // namespace
}  // namespace likeness
