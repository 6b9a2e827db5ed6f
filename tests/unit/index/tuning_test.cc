#include "engine/index/tuning.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/index/flat_index.h"
#include "engine/index/sealed_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::AllOf;
using ::likeness::testing::BlamesField;
using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::HasCode;
using ::likeness::testing::MeanRecall;
using ::likeness::testing::RowsOf;
using ::likeness::testing::TempDir;

TEST(TuningTableTest, TakesTheSmallestThatReachesTheTarget) {
  ASSERT_OK_AND_ASSIGN(
      const auto table,
      TuningTable::Make({{0.9F, 20}, {0.99F, 70}}, kMaxEfSearch));
  EXPECT_EQ(table.EfFor(0.5F, 10), 20);
  EXPECT_EQ(table.EfFor(0.9F, 10), 20);
  EXPECT_EQ(table.EfFor(0.95F, 10), 70);
  EXPECT_EQ(table.EfFor(0.999F, 10), 140) << "twice the largest";
  EXPECT_EQ(table.EfFor(0.9F, 5), 20);
  EXPECT_EQ(table.EfFor(0.9F, 30), 60) << "two more for each neighbour";
  EXPECT_EQ(table.EfFor(0.9F, 10'000), kMaxEfSearch);
  EXPECT_GT(TuningTable().EfFor(0.9F, 10), 10) << "nothing was measured";
}

TEST(TuningTableTest, RefusesWhatIsNoTable) {
  for (const std::vector<TunedPoint>& points :
       {std::vector<TunedPoint>{{0.9F, 20}, {0.8F, 30}},
        {{0.0F, 20}},
        {{1.1F, 20}},
        {{std::nanf(""), 20}},
        {{0.9F, 0}},
        {{0.9F, 10'001}}}) {
    EXPECT_THAT(TuningTable::Make(points, kMaxEfSearch),
                HasCode(absl::StatusCode::kDataLoss));
  }
}

TEST(TuneIndexTest, WhatItFindsReachesTheTargetOnOtherQueries) {
  constexpr size_t kRows = 8000;
  constexpr size_t kWidth = 32;
  const std::vector<float> vectors = ClusteredVectors(kRows, kWidth, 1);
  const TempDir dir;
  ASSERT_OK(BuildIndexFile(RowsOf(vectors, kWidth),
                           {.m = 6, .ef_construction = 30}, dir.File("index")));
  ASSERT_OK_AND_ASSIGN(const auto index, OpenIndexFile(dir.File("index")));
  const auto queries = ClusteredVectors(400, kWidth, 1, 2);
  ASSERT_OK_AND_ASSIGN(const auto exact,
                       index->Search(queries, {.exact = true}, AllOf(kRows)));
  // The table of the build, and one made from queries like those asked.
  const auto sample = ClusteredVectors(200, kWidth, 1, 3);
  ASSERT_OK_AND_ASSIGN(const TuningTable table, TuneIndex(*index, sample));
  ASSERT_FALSE(table.points().empty());
  for (const float target : {0.8F, 0.9F, 0.95F}) {
    ASSERT_OK_AND_ASSIGN(
        const auto stored,
        index->Search(queries, {.recall_target = target}, AllOf(kRows)));
    EXPECT_GE(MeanRecall(stored, exact), target - 0.01);
    ASSERT_OK_AND_ASSIGN(
        const auto tuned,
        index->Search(queries, {.ef_search = table.EfFor(target, 10)},
                      AllOf(kRows)));
    EXPECT_GE(MeanRecall(tuned, exact), target - 0.01);
  }
}

TEST(TuneIndexTest, CanBeCancelledAndChecksItsQueries) {
  ASSERT_OK_AND_ASSIGN(const auto flat, MakeFlatIndex(2));
  ASSERT_OK(flat->Add(std::vector<float>{1, 0, 0, 1}));
  const std::vector<float> queries = {1, 0};
  TuneOptions options;
  options.pace = [] { return false; };
  EXPECT_THAT(TuneIndex(*flat, queries, options),
              HasCode(absl::StatusCode::kCancelled));
  EXPECT_THAT(TuneIndex(*flat, std::vector<float>(3)), BlamesField("queries"));
  ASSERT_OK_AND_ASSIGN(const auto none, TuneIndex(*flat, {}));
  EXPECT_TRUE(none.points().empty());
}

TEST(SampleQueriesTest, AreUnitVectorsThatTheSeedDecides) {
  constexpr size_t kWidth = 16;
  const std::vector<float> vectors = ClusteredVectors(300, kWidth, 1);
  ASSERT_OK_AND_ASSIGN(const auto flat, MakeFlatIndex(kWidth));
  ASSERT_OK(flat->Add(vectors));
  ASSERT_OK_AND_ASSIGN(const auto queries, SampleQueries(*flat, 50, 7));
  ASSERT_EQ(queries.size(), 50 * kWidth);
  for (size_t at = 0; at < queries.size(); at += kWidth) {
    double square = 0;
    for (size_t j = 0; j < kWidth; ++j) {
      square += double{queries[at + j]} * queries[at + j];
    }
    EXPECT_NEAR(square, 1, 1e-5);
  }
  ASSERT_OK_AND_ASSIGN(const auto again, SampleQueries(*flat, 50, 7));
  EXPECT_EQ(queries, again);
  ASSERT_OK_AND_ASSIGN(const auto all, SampleQueries(*flat, 1000, 7));
  EXPECT_EQ(all.size(), vectors.size());
}

}  // namespace
}  // namespace likeness
