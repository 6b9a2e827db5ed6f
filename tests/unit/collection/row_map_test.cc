#include "engine/collection/row_map.h"

#include <cstdint>
#include <random>
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
  EXPECT_EQ(map.OrdinalsOf(3), (RowMap::Ordinals{3, 1}));
  EXPECT_EQ(map.memory_bytes(), 0U);
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
      EXPECT_EQ(map.OrdinalsOf(rows[ordinal]), (RowMap::Ordinals{ordinal, 1}));
    }
    for (const uint32_t row : {2U, 4U, 5U, 7U}) {
      EXPECT_EQ(map.OrdinalsOf(row).count, 0U) << row;
    }
    EXPECT_FALSE(map.repeats());
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

// As many ordinals as rows, and yet not the same ones.
TEST(RowMapTest, ARowWithTwoOrdinalsBesideOneWithNoneIsNoIdentity) {
  RowMap map;
  ASSERT_OK(map.Append({0, 0, 2}, 3));
  EXPECT_FALSE(map.identity());
  EXPECT_TRUE(map.repeats());
  EXPECT_EQ(map.OrdinalsOf(0), (RowMap::Ordinals{0, 2}));
  EXPECT_EQ(map.OrdinalsOf(1).count, 0U);
  EXPECT_EQ(map.OrdinalsOf(2), (RowMap::Ordinals{2, 1}));
}

TEST(RowMapTest, TranslatesAsAListOfRowsDoes) {
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    RowMap map;
    std::vector<uint32_t> row_of;
    uint32_t end = 0;
    for (int batch = 0; batch < 3; ++batch) {
      std::vector<uint32_t> rows;
      for (const uint32_t stop = end + 150; end < stop; ++end) {
        // At first identical ones.
        const size_t count = batch == 0 ? 1 : random() % 4;
        rows.insert(rows.end(), count, end);
      }
      ASSERT_OK(map.Append(rows, end));
      row_of.insert(row_of.end(), rows.begin(), rows.end());
    }
    for (size_t ordinal = 0; ordinal < row_of.size(); ++ordinal) {
      ASSERT_EQ(map.RowOf(ordinal), row_of[ordinal]);
      const RowMap::Ordinals all = map.OrdinalsOf(row_of[ordinal]);
      ASSERT_LT(ordinal - all.first, all.count);
    }
    Bitmap rows;
    rows.Grow(end - random() % 100, true);
    for (size_t cleared = random() % 300; cleared > 0; --cleared) {
      rows.Clear(random() % rows.size());
    }
    const Bitmap ordinals = map.OrdinalsOf(rows);
    for (size_t ordinal = 0; ordinal < row_of.size(); ++ordinal) {
      const uint32_t row = row_of[ordinal];
      const bool wanted = row < rows.size() && rows.Test(row);
      ASSERT_EQ(ordinal < ordinals.size() && ordinals.Test(ordinal), wanted);
    }
  }
}

}  // namespace
}  // namespace likeness
