#include "engine/evaluate/retrieval.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/evaluate/plane_rows.h"

namespace likeness {
namespace {

using testing::AtAngles;

TEST(RetrievalTest, OneQueryWorkedByHand) {
  // From the query at 0 degrees: right at 10, wrong at 20, right at 30, right
  // at 40, wrong at 50. R = 3: ranks 1, 3, 4.
  const UnitRows gallery = AtAngles({10, 20, 30, 40, 50});
  const std::vector<int> labels = {0, 1, 0, 0, 1};
  const UnitRows query = AtAngles({0});
  const std::vector<int> query_label = {0};
  const auto scores =
      ScoreRetrieval({query, query_label}, {gallery, labels}, false);
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores[0].first_rank, 1U);
  EXPECT_EQ(scores[0].nearest_right, 0U);
  EXPECT_EQ(scores[0].nearest_wrong, 1U);
  EXPECT_NEAR(scores[0].right_similarity, std::cos(10 * M_PI / 180), 1e-6);
  // Within the first 3 ranks: 1/1 and 2/3; MAP@R = (1 + 2/3) / 3.
  EXPECT_NEAR(scores[0].map_at_r, (1 + 2.0 / 3) / 3, 1e-12);
}

TEST(RetrievalTest, AQueryIsLeftOutOfItsOwnAnswer) {
  const UnitRows rows = AtAngles({0, 5, 90, 95});
  const std::vector<int> labels = {0, 0, 1, 1};
  const auto scores = ScoreRetrieval({rows, labels}, {rows, labels}, true);
  ASSERT_EQ(scores.size(), 4U);
  for (const QueryScore& score : scores) {
    EXPECT_NE(score.nearest_right, score.query);
    EXPECT_EQ(score.first_rank, 1U);
    EXPECT_EQ(score.map_at_r, 1.0);
  }
}

TEST(RetrievalTest, ADescriptorThatTellsNothingApartScoresNothing) {
  const UnitRows rows = AtAngles({7, 7, 7, 7});
  const std::vector<int> labels = {0, 0, 1, 1};
  const auto scores = ScoreRetrieval({rows, labels}, {rows, labels}, true);
  for (const QueryScore& score : scores) {
    EXPECT_EQ(score.first_rank, 3U);  // Behind both wrong ones.
    EXPECT_EQ(score.map_at_r, 0.0);
  }
}

TEST(RetrievalTest, QueriesWithoutARightAnswerAreLeftOut) {
  const UnitRows rows = AtAngles({0, 1, 50});
  const std::vector<int> labels = {0, 0, 1};
  const auto scores = ScoreRetrieval({rows, labels}, {rows, labels}, true);
  ASSERT_EQ(scores.size(), 2U);
  EXPECT_EQ(scores[1].query, 1U);
}

TEST(RetrievalTest, SummaryCountsRanksAndWeighsLabels) {
  std::vector<QueryScore> scores(4);
  scores[0] = {.label = 0, .first_rank = 1, .map_at_r = 1};
  scores[1] = {.label = 0, .first_rank = 5, .map_at_r = 0.5};
  scores[2] = {.label = 1, .first_rank = 10, .map_at_r = 0.25};
  scores[3] = {.label = 1, .first_rank = 11, .map_at_r = 0};
  const std::vector<double> ones = {1, 1};
  const RetrievalMetrics plain = SummarizeRetrieval(scores, ones);
  EXPECT_EQ(plain.recall_at_1, 0.25);
  EXPECT_EQ(plain.recall_at_5, 0.5);
  EXPECT_EQ(plain.recall_at_10, 0.75);
  EXPECT_EQ(plain.map_at_r, 1.75 / 4);
  const std::vector<double> twice_first = {2, 0};
  EXPECT_EQ(SummarizeRetrieval(scores, twice_first).map_at_r, 0.75);
}

TEST(RetrievalTest, ThreadsDoNotChangeTheScores) {
  UnitRows rows{.dimensions = 2, .values = {}};
  std::vector<int> labels;
  for (int i = 0; i < 60; ++i) {
    const UnitRows row = AtAngles({i * 37.0});
    rows.Append(row[0]);
    labels.push_back(i % 7);
  }
  const auto one = ScoreRetrieval({rows, labels}, {rows, labels}, true, 1);
  const auto four = ScoreRetrieval({rows, labels}, {rows, labels}, true, 4);
  ASSERT_EQ(one.size(), four.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].query, four[i].query);
    EXPECT_EQ(one[i].first_rank, four[i].first_rank);
    EXPECT_EQ(one[i].map_at_r, four[i].map_at_r);
  }
}

}  // namespace
}  // namespace likeness
