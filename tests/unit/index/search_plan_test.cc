#include "engine/index/search_plan.h"

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(SearchPlanTest, FewAllowedRowsAreScoredAndManyAreWalkedTo) {
  constexpr size_t kRows = 1'000'000;
  bool exact = true;
  int changes = 0;
  for (size_t allowed = 1; allowed <= kRows; allowed += allowed / 8 + 1) {
    const bool now = PrefersExact(kRows, allowed, 64);
    if (now != exact) ++changes;
    exact = now;
  }
  EXPECT_FALSE(exact);
  EXPECT_EQ(changes, 1);
  EXPECT_TRUE(PrefersExact(kRows, 0, 64));
  EXPECT_TRUE(PrefersExact(kRows, 10'000, 64));
  EXPECT_FALSE(PrefersExact(kRows, 200'000, 64));
}

TEST(SearchPlanTest, SmallIndexesAreScored) {
  EXPECT_TRUE(PrefersExact(1, 1, 10));
  EXPECT_TRUE(PrefersExact(500, 500, 10));
  EXPECT_FALSE(PrefersExact(50'000, 50'000, 10));
}

TEST(SearchPlanTest, AFilterKeepsUpToTwiceTheCandidates) {
  EXPECT_EQ(FilteredEf(1000, 1000, 40), 40U);
  EXPECT_EQ(FilteredEf(1000, 500, 40), 60U);
  EXPECT_EQ(FilteredEf(1000, 0, 40), 80U);
}

TEST(SearchPlanTest, AWalkPastWhatIsHiddenKeepsMore) {
  EXPECT_EQ(EfPastHidden(1000, 500, 40, 80), 40U) << "every other is allowed";
  EXPECT_EQ(EfPastHidden(1000, 500, 40, 150), 40U);
  EXPECT_EQ(EfPastHidden(1000, 500, 40, 170), 640U);
  EXPECT_EQ(EfPastHidden(100'000, 99'000, 40, 1000), 640U);
  EXPECT_EQ(EfPastHidden(100'000, 99'000, 4000, 20'000), 10'000U);
  EXPECT_EQ(EfPastHidden(100'000, 99'000, 15'000, 99'000), 15'000U);
}

TEST(SearchPlanTest, AWalkIsNeverExpectedToCompareMoreThanThereIs) {
  EXPECT_EQ(ExpectedWalk(1000, 1, 10'000), 1000U);
  EXPECT_EQ(ExpectedWalk(1000, 0, 1), 1000U);
  EXPECT_LT(ExpectedWalk(1'000'000, 500'000, 10),
            ExpectedWalk(1'000'000, 100'000, 10));
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
