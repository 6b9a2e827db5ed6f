#include "engine/collection/row_map.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

Bitmap Set(const std::vector<size_t>& bits, size_t size) {
  Bitmap set;
  set.Grow(size, false);
  for (const size_t bit : bits) set.Set(bit);
  return set;
}

TEST(RowMapTest, KeepsNothingWhileEveryRowHasAnOrdinal) {
  RowMap map;
  ASSERT_OK(map.Append({0, 1, 2}, 3));
  ASSERT_OK(map.Append({3}, 4));
  EXPECT_TRUE(map.identity());
  EXPECT_EQ(map.RowOf(3), 3U);
  EXPECT_EQ(map.OrdinalOf(3), 3U);
}

TEST(RowMapTest, ListsRowsFromTheFirstGapOn) {
  for (const bool gap_at_the_end : {false, true}) {
    RowMap map;
    ASSERT_OK(map.Append({0, 1}, gap_at_the_end ? 3 : 2));
    EXPECT_NE(map.identity(), gap_at_the_end);
    ASSERT_OK(map.Append({3, 6}, 8));
    EXPECT_FALSE(map.identity());
    const std::vector<uint32_t> rows = {0, 1, 3, 6};
    for (size_t ordinal = 0; ordinal < rows.size(); ++ordinal) {
      EXPECT_EQ(map.RowOf(ordinal), rows[ordinal]);
      EXPECT_EQ(map.OrdinalOf(rows[ordinal]), ordinal);
    }
    for (const uint32_t row : {2U, 4U, 5U, 7U, 100U}) {
      EXPECT_EQ(map.OrdinalOf(row), std::nullopt) << row;
    }
  }
}

TEST(RowMapTest, TranslatesSetsOfRows) {
  RowMap map;
  ASSERT_OK(map.Append({1, 2, 5}, 6));
  const Bitmap all = map.OrdinalsOf(Set({0, 1, 2, 3, 4, 5}, 6));
  EXPECT_EQ(all.Count(), 3U);
  const Bitmap some = map.OrdinalsOf(Set({0, 2, 3}, 6));
  EXPECT_EQ(some.Count(), 1U);
  EXPECT_TRUE(some.Test(1));
  // An older view doesn't know the last rows.
  EXPECT_EQ(map.OrdinalsOf(Set({1, 2}, 3)).Count(), 2U);
}

}  // namespace
}  // namespace likeness
