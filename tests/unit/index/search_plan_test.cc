#include "engine/index/search_plan.h"

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(SearchPlanTest, FewAllowedRowsAreScoredAndManyAreWalkedTo) {
  constexpr size_t kRows = 1'000'000;
  bool exact = true;
  int changes = 0;
  for (size_t allowed = 1; allowed <= kRows; allowed += allowed / 8 + 1) {
    const bool now = PrefersExact(allowed, 64);
    if (now != exact) ++changes;
    exact = now;
  }
  EXPECT_FALSE(exact);
  EXPECT_EQ(changes, 1);
  EXPECT_TRUE(PrefersExact(0, 64));
  EXPECT_TRUE(PrefersExact(3'000, 64));
  EXPECT_FALSE(PrefersExact(4'000, 64));
}

TEST(SearchPlanTest, SmallIndexesAreScored) {
  EXPECT_TRUE(PrefersExact(1, 10));
  EXPECT_TRUE(PrefersExact(500, 10));
  EXPECT_FALSE(PrefersExact(50'000, 10));
}

TEST(SearchPlanTest, ListsAreScannedUnlessFewRowsAreAllowed) {
  constexpr size_t kRows = 1'000'000;
  const ListsPlan plan{
      .lists = 4000, .entries = 15'000, .entry_time = 0.3, .rescored = 40};
  bool exact = true;
  int changes = 0;
  for (size_t allowed = 1; allowed <= kRows; allowed += allowed / 8 + 1) {
    const bool now = PrefersExactToLists(kRows, allowed, plan);
    if (now != exact) ++changes;
    exact = now;
  }
  EXPECT_FALSE(exact);
  EXPECT_EQ(changes, 1);
  EXPECT_TRUE(PrefersExactToLists(kRows, 0, plan));
  EXPECT_TRUE(PrefersExactToLists(kRows, 2000, plan));
  EXPECT_FALSE(PrefersExactToLists(kRows, 10'000, plan));
  // Nearly all of the entries, and they take as long as rows do.
  EXPECT_TRUE(PrefersExactToLists(1000, 1000, {100, 950, 1, 0}));
}

}  // namespace
}  // namespace likeness
