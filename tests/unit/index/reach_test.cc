#include "engine/index/reach.h"

#include <cmath>
#include <optional>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;

TEST(ReachTableTest, TakesTheNextNumberOfNeighborsThatWasMeasured) {
  ASSERT_OK_AND_ASSIGN(
      const auto table,
      ReachTable::Make({{10, 0.9F, 4}, {10, 0.99F, 8}, {1000, 0.9F, 400}},
                       500));
  EXPECT_EQ(table.EffortFor(0.5F, 10), 4U);
  EXPECT_EQ(table.EffortFor(0.9F, 1), 4U);
  EXPECT_EQ(table.EffortFor(0.95F, 10), 8U);
  EXPECT_EQ(table.EffortFor(0.9F, 10.4), 4U) << "hardly more";
  EXPECT_EQ(table.EffortFor(0.9F, 11), 400U) << "as of 1,000";
  EXPECT_EQ(table.EffortFor(0.9F, 1000), 400U);
  // Not measured.
  EXPECT_EQ(table.EffortFor(0.9F, 1100), std::nullopt);
  EXPECT_EQ(table.EffortFor(0.95F, 20), std::nullopt);
  EXPECT_EQ(table.EffortFor(0.999F, 10), std::nullopt);
  EXPECT_EQ(ReachTable().EffortFor(0.9F, 10), std::nullopt);
}

TEST(ReachTableTest, RefusesWhatIsNoTable) {
  for (const std::vector<ReachPoint>& points :
       {std::vector<ReachPoint>{{10, 0.9F, 2}, {10, 0.8F, 3}},
        {{10, 0.9F, 2}, {10, 0.9F, 3}},
        {{100, 0.8F, 2}, {10, 0.9F, 3}},
        {{0, 0.9F, 2}},
        {{10, 0.0F, 2}},
        {{10, 1.1F, 2}},
        {{10, std::nanf(""), 2}},
        {{10, 0.9F, 0}},
        {{10, 0.9F, 501}}}) {
    EXPECT_THAT(ReachTable::Make(points, 500),
                HasCode(absl::StatusCode::kDataLoss));
  }
}

TEST(ReachTest, CountsTheNeighborsThatAnAnswerLiesAmong) {
  EXPECT_EQ(NeighborsToPass(10, 1), 10) << "all are allowed";
  EXPECT_DOUBLE_EQ(NeighborsToPass(16, 0.75), (16 + 2) / 0.75);
  EXPECT_EQ(EvenNeighbors(10, 1000, 1000), 10);
  EXPECT_DOUBLE_EQ(EvenNeighbors(16, 1000, 750), 24);
  EXPECT_GE(EvenNeighbors(1, 1000, 0), 2000) << "none is allowed";
  EXPECT_DOUBLE_EQ(EvenNeighbors(16, 1000, 750, 3), (16 + 6) / 0.75);
  // Three in four are allowed: up to that many may be passed by chance.
  EXPECT_DOUBLE_EQ(NeighborsPastHidden(20, 16, 1000, 750), 20);
  EXPECT_DOUBLE_EQ(NeighborsPastHidden(150, 16, 1000, 750),
                   150 + 150 - (16 + 6) / 0.75);
}

// Two queries; each has its first ten neighbours with an effort of 2, and the
// next ten with 3 or, the second, never.
TEST(ReachTest, TabulatesTheLeastEffortThatReachesARecall) {
  std::vector<std::vector<uint32_t>> efforts(2, std::vector<uint32_t>(20, 2));
  for (size_t i = 10; i < 20; ++i) {
    efforts[0][i] = 3;
    efforts[1][i] = kNeverReached;
  }
  ASSERT_OK_AND_ASSIGN(const ReachTable table,
                       TabulateReach(efforts, 200, 1, 100));
  for (const ReachPoint& point : table.points()) {
    EXPECT_EQ(point.neighbors, 10U) << "no recall of 20 is reached";
    EXPECT_EQ(point.effort, 2U);
  }
  EXPECT_EQ(table.points().size(), 7U);
  efforts[1] = efforts[0];
  ASSERT_OK_AND_ASSIGN(const ReachTable both,
                       TabulateReach(efforts, 200, 1, 100));
  EXPECT_EQ(both.points().size(), 14U);
  EXPECT_EQ(both.points().back(), (ReachPoint{20, 0.999F, 3}));
  ASSERT_OK_AND_ASSIGN(const ReachTable few,
                       TabulateReach(efforts, 199, 1, 100));
  EXPECT_EQ(few.points().size(), 7U) << "20 are more than a tenth";
}

}  // namespace
}  // namespace likeness
