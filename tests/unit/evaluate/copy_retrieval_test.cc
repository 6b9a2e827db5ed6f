#include "engine/evaluate/copy_retrieval.h"

#include <vector>

#include "engine/core/random.h"
#include "gtest/gtest.h"
#include "tests/unit/evaluate/plane_rows.h"

namespace likeness {
namespace {

using testing::AtAngles;

// Two queries, three references (two originals, one distractor).
//   pair                       angle  right
//   query 0 - original 0           5  yes
//   query 1 - original 0          10  no
//   query 1 - original 1          20  yes
//   query 0 - original 1          25  no
//   query 0, 1 - distractor   85, 100  no
struct ByHand {
  UnitRows queries = AtAngles({5, 10});
  UnitRows references = AtAngles({0, 30, -90});
  std::vector<size_t> originals = {0, 1};
  CopyResult result = ScoreCopies(queries, originals, references);
};

TEST(CopyRetrievalTest, MicroAveragePrecisionWorkedByHand) {
  const ByHand data;
  // Precision 1/1 at the first right pair, 2/3 at the second.
  const CopyMetrics metrics = SummarizeCopies(data.result);
  EXPECT_NEAR(metrics.micro_ap, (1.0 + 2.0 / 3) / 2, 1e-12);
  EXPECT_EQ(metrics.recall_at_1, 0.5);
  EXPECT_EQ(metrics.recall_at_p90, 0.5);
  ASSERT_EQ(data.result.curve.size(), 2U);
  EXPECT_EQ(data.result.curve[1].recall, 1);
  EXPECT_NEAR(data.result.curve[1].precision, 2.0 / 3, 1e-12);
}

TEST(CopyRetrievalTest, SecondScoresReplaceCosines) {
  const ByHand data;
  // Query 1 proves to be a copy of original 1: both right pairs come first.
  std::vector<std::vector<SecondScore>> second = {{}, {{1, 1.5F}}};
  const CopyResult better =
      ScoreCopies(data.queries, data.originals, data.references, 0, second);
  EXPECT_EQ(SummarizeCopies(better).micro_ap, 1);
  EXPECT_EQ(SummarizeCopies(better).recall_at_1, 1);
  EXPECT_EQ(better.scores[1].similarity, 1.5F);
  // And one of the distractor: one wrong pair comes before all.
  second[0] = {{2, 1.7F}};
  const CopyResult worse =
      ScoreCopies(data.queries, data.originals, data.references, 0, second);
  EXPECT_NEAR(SummarizeCopies(worse).micro_ap, (1.0 / 2 + 2.0 / 3) / 2, 1e-12);
  EXPECT_EQ(worse.scores[0].rank, 2U);
  EXPECT_EQ(worse.scores[0].nearest_wrong, 2U);
}

TEST(CopyRetrievalTest, ScoresSayWhatCameAndWhatShouldHave) {
  const ByHand data;
  EXPECT_EQ(data.result.scores[0].rank, 1U);
  EXPECT_EQ(data.result.scores[1].rank, 2U);
  EXPECT_EQ(data.result.scores[1].original, 1U);
  EXPECT_EQ(data.result.scores[1].nearest_wrong, 0U);
}

TEST(CopyRetrievalTest, EqualSimilaritiesAreAcceptedTogether) {
  const UnitRows queries = AtAngles({0});
  const UnitRows references = AtAngles({40, -40, 40});
  const CopyResult result = ScoreCopies(queries, {0}, references);
  const CopyMetrics metrics = SummarizeCopies(result);
  EXPECT_NEAR(metrics.micro_ap, 1.0 / 3, 1e-12);
  EXPECT_EQ(metrics.recall_at_1, 0);
  EXPECT_EQ(metrics.recall_at_p90, 0);
}

TEST(CopyRetrievalTest, DistractorsBelowEveryOriginalCostNothing) {
  const UnitRows queries = AtAngles({0, 90});
  const UnitRows references = AtAngles({1, 91, 180, 200, 220});
  const CopyMetrics metrics =
      SummarizeCopies(ScoreCopies(queries, {0, 1}, references));
  EXPECT_EQ(metrics.micro_ap, 1);
  EXPECT_EQ(metrics.recall_at_1, 1);
  EXPECT_EQ(metrics.recall_at_p90, 1);
}

TEST(CopyRetrievalTest, WeightsOfOneGiveTheSameFigures) {
  const ByHand data;
  const std::vector<double> ones = {1, 1, 1};
  const CopyMetrics plain = SummarizeCopies(data.result);
  const CopyMetrics weighted = SummarizeCopies(data.result, ones);
  EXPECT_EQ(weighted.recall_at_1, plain.recall_at_1);
  EXPECT_NEAR(weighted.micro_ap, plain.micro_ap, 1e-12);
  EXPECT_EQ(weighted.recall_at_p90, plain.recall_at_p90);
  const std::vector<double> second_only = {0, 2, 1};
  EXPECT_EQ(SummarizeCopies(data.result, second_only).recall_at_1, 0);
  EXPECT_NEAR(SummarizeCopies(data.result, second_only).micro_ap, 0.5, 1e-12);
}

TEST(CopyRetrievalTest, BinsComeCloseToTheExactFigures) {
  Random random(3);
  UnitRows queries{.dimensions = 8, .values = {}};
  UnitRows references{.dimensions = 8, .values = {}};
  std::vector<size_t> originals;
  for (size_t i = 0; i < 900; ++i) {
    std::vector<float> row(8);
    for (float& value : row) value = static_cast<float>(random.Normal());
    NormalizeLength(absl::MakeSpan(row));
    references.Append(row);
    for (float& value : row) value += static_cast<float>(.2 * random.Normal());
    NormalizeLength(absl::MakeSpan(row));
    queries.Append(row);
    originals.push_back(i);
  }
  const CopyResult result = ScoreCopies(queries, originals, references);
  ASSERT_GT(result.curve.size(), kCopyBins);
  const CopyMetrics exact = SummarizeCopies(result);
  const std::vector<double> ones(references.size(), 1.0);
  const CopyMetrics binned = SummarizeCopies(result, ones);
  EXPECT_GT(exact.micro_ap, 0.05);
  EXPECT_LT(exact.micro_ap, 0.95);
  EXPECT_NEAR(binned.micro_ap, exact.micro_ap, 0.003);
  EXPECT_NEAR(binned.recall_at_p90, exact.recall_at_p90, 1.0 / kCopyBins);
}

}  // namespace
}  // namespace likeness
