#include "tools/tune_index.h"

#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tools/clustered_vectors.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;

TunedCandidate Candidate(double queries_per_second, double bytes,
                         double build_seconds, float recall = 0.99F) {
  TunedCandidate candidate;
  candidate.bytes_per_vector = bytes;
  candidate.build_seconds = build_seconds;
  candidate.searches = {{0.9F, 10, 2 * queries_per_second},
                        {recall, 40, queries_per_second}};
  return candidate;
}

TEST(CheapestTest, IsTheSmallestOfThoseNearlyAsFastAsTheFastest) {
  const std::vector<TunedCandidate> candidates = {
      Candidate(1000, 1300, 5), Candidate(950, 500, 9), Candidate(901, 500, 7),
      Candidate(899, 100, 1)};
  EXPECT_EQ(Cheapest(candidates, 0.99F), 2U);
}

TEST(CheapestTest, LeavesOutWhatDoesNotReachTheRecall) {
  const std::vector<TunedCandidate> candidates = {
      Candidate(5000, 100, 1, 0.95F), Candidate(1000, 1300, 5)};
  EXPECT_EQ(Cheapest(candidates, 0.99F), 1U);
  EXPECT_EQ(Cheapest(candidates, 0.95F), 0U);
  EXPECT_EQ(Cheapest(candidates, 0.999F), std::nullopt);
  EXPECT_EQ(Cheapest({}, 0.5F), std::nullopt);
}

TEST(TuningCandidatesTest, AreDifferentAndBeginWithTheRule) {
  std::set<std::tuple<IndexKind, VectorCode, int, int>> seen;
  for (const IndexBuildParams& params : TuningCandidates()) {
    EXPECT_OK(params.Validate());
    EXPECT_TRUE(
        seen.emplace(params.kind, params.code, params.m, params.ef_construction)
            .second);
  }
  EXPECT_TRUE(MakeTheSame(TuningCandidates().front(), IndexBuildParams()));
}

TEST(MeasureCandidateTest, TellsWhatTheIndexTakesAndFinds) {
  constexpr int kDimensions = 32;
  constexpr int kRows = 3000;
  const testing::TempDir dir;
  const std::vector<float> rows = ClusteredVectors(kDimensions, 1).Draw(kRows);
  const IndexBuildParams params{.code = VectorCode::kInt8, .m = 8};
  ASSERT_OK_AND_ASSIGN(const TunedCandidate candidate,
                       MeasureCandidate(rows, kDimensions, params, {0.8F, 0.9F},
                                        dir.path(), nullptr));
  // Codes are filled up to 64 bytes; 16 links of 4 bytes on the lowest level,
  // 8 for each of the few on higher ones.
  EXPECT_GE(candidate.bytes_per_vector, 128);
  EXPECT_LT(candidate.bytes_per_vector, 150);
  EXPECT_EQ(candidate.mapped_per_vector, kDimensions * sizeof(float));
  ASSERT_EQ(candidate.searches.size(), 2U);
  EXPECT_EQ(candidate.searches[1].recall, 0.9F);
  EXPECT_GE(candidate.searches[1].effort, candidate.searches[0].effort);
  EXPECT_GT(candidate.searches[0].queries_per_second, 0);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  EXPECT_THAT(MeasureCandidate(rows, kDimensions, params, {0.9F}, dir.path(),
                               [] { return false; }),
              HasCode(absl::StatusCode::kCancelled));
}

TEST(MeasureCandidateTest, MeasuresListsByTheirNumber) {
  constexpr int kDimensions = 32;
  const testing::TempDir dir;
  const std::vector<float> rows = ClusteredVectors(kDimensions, 1).Draw(3000);
  ASSERT_OK_AND_ASSIGN(
      const TunedCandidate candidate,
      MeasureCandidate(rows, kDimensions,
                       {.kind = IndexKind::kIvf, .code = VectorCode::kInt8},
                       {0.9F}, dir.path(), nullptr));
  // Codes are filled up to 64 bytes; 4 for the row, and 219 centroids.
  EXPECT_GE(candidate.bytes_per_vector, 68);
  EXPECT_LT(candidate.bytes_per_vector, 80);
  ASSERT_EQ(candidate.searches.size(), 1U);
  EXPECT_GE(candidate.searches[0].effort, 1);
  EXPECT_LE(candidate.searches[0].effort, 219);
}

}  // namespace
}  // namespace likeness
