#include "engine/evaluate/episodes.h"

#include <cmath>
#include <set>

#include "tests/support/status_matchers.h"
#include "tests/unit/evaluate/plane_rows.h"

namespace likeness {
namespace {

using testing::AtAngles;
using testing::Fails;

// Eight classes of two alphabets, five drawers each.
struct Alphabets {
  Alphabets() {
    for (int label = 0; label < 8; ++label) {
      groups.push_back(label < 4 ? "Greek" : "Korean");
      for (int drawer = 0; drawer < 5; ++drawer) {
        const UnitRows row = AtAngles({label * 40.0 + drawer});
        rows.dimensions = 2;
        rows.Append(row[0]);
        labels.push_back(label);
        drawers.push_back(std::to_string(drawer));
      }
    }
  }
  EpisodeData data() const { return {{rows, labels}, groups, drawers}; }

  UnitRows rows;
  std::vector<int> labels;
  std::vector<std::string> groups;
  std::vector<std::string> drawers;
};

TEST(EpisodesTest, AnEpisodeHasDistinctClassesAndDistinctPictures) {
  const Alphabets set;
  const EpisodeOptions options{
      .ways = 5, .shots = 2, .queries = 3, .episodes = 50};
  ASSERT_OK_AND_ASSIGN(const auto episodes, DrawEpisodes(set.data(), options));
  ASSERT_EQ(episodes.size(), 50U);
  for (const Episode& episode : episodes) {
    std::set<size_t> rows(episode.support.begin(), episode.support.end());
    rows.insert(episode.queries.begin(), episode.queries.end());
    EXPECT_EQ(rows.size(), 25U);
    std::set<int> labels;
    for (size_t i = 0; i < 5; ++i) {
      const int label = set.labels[episode.support[2 * i]];
      labels.insert(label);
      EXPECT_EQ(set.labels[episode.support[2 * i + 1]], label);
      for (size_t j = 0; j < 3; ++j) {
        EXPECT_EQ(set.labels[episode.queries[3 * i + j]], label);
      }
    }
    EXPECT_EQ(labels.size(), 5U);
  }
}

TEST(EpisodesTest, WithinAGroupAllClassesAreOfIt) {
  const Alphabets set;
  const EpisodeOptions options{.ways = 4, .episodes = 20, .within_group = true};
  ASSERT_OK_AND_ASSIGN(const auto episodes, DrawEpisodes(set.data(), options));
  std::set<std::string> seen;
  for (const Episode& episode : episodes) {
    std::set<std::string> groups;
    for (const size_t row : episode.support) {
      groups.insert(set.groups[static_cast<size_t>(set.labels[row])]);
    }
    EXPECT_EQ(groups.size(), 1U);
    seen.merge(groups);
  }
  EXPECT_EQ(seen.size(), 2U);
}

TEST(EpisodesTest, TwoDrawersNeverMix) {
  const Alphabets set;
  const EpisodeOptions options{
      .ways = 4, .episodes = 20, .within_group = true, .two_drawers = true};
  ASSERT_OK_AND_ASSIGN(const auto episodes, DrawEpisodes(set.data(), options));
  for (const Episode& episode : episodes) {
    std::set<std::string> support;
    std::set<std::string> queries;
    for (const size_t row : episode.support) support.insert(set.drawers[row]);
    for (const size_t row : episode.queries) queries.insert(set.drawers[row]);
    EXPECT_EQ(support.size(), 1U);
    EXPECT_EQ(queries.size(), 1U);
    EXPECT_NE(support, queries);
  }
}

TEST(EpisodesTest, TooFewClassesAreRefusedWithTheirNumber) {
  const Alphabets set;
  EXPECT_THAT(
      DrawEpisodes(set.data(), {.ways = 5, .within_group = true}),
      Fails(absl::StatusCode::kInvalidArgument, "the largest group has 4"));
  EXPECT_THAT(
      DrawEpisodes(set.data(), {.ways = 2, .shots = 5}),
      Fails(absl::StatusCode::kInvalidArgument, "has 0 classes with 6"));
  EXPECT_THAT(
      DrawEpisodes(set.data(), {.ways = 2, .shots = 2, .two_drawers = true}),
      testing::BlamesField("two_drawers"));
}

TEST(EpisodesTest, ShotsWorkedByHand) {
  // Classes at 0 and 90 degrees, two examples each. The query at 40 of class 0
  // is nearest to class 1's example at 50, and nearer to class 0's prototype at
  // 15 (25 degrees) than to class 1's at 85 (45 degrees).
  const UnitRows rows = AtAngles({0, 30, 50, 120, 40, 100});
  const std::vector<Episode> episodes = {
      {.support = {0, 1, 2, 3}, .queries = {4, 5}}};
  const EpisodeOptions options{.ways = 2, .shots = 2};
  EpisodeMetrics metrics = ScoreEpisodes(rows, episodes, options);
  EXPECT_EQ(metrics.prototype.value, 1.0);
  // 40 ties between 30 and 50 up to rounding; move the example to 45.
  const UnitRows nearer = AtAngles({0, 30, 45, 125, 40, 100});
  metrics = ScoreEpisodes(nearer, episodes, options);
  EXPECT_EQ(metrics.nearest.value, 0.5);
  EXPECT_EQ(metrics.prototype.value, 1.0);
}

TEST(EpisodesTest, ATieIsAMistake) {
  const UnitRows rows = AtAngles({20, 20, 20, 20});
  const std::vector<Episode> episodes = {
      {.support = {0, 1}, .queries = {2, 3}}};
  const EpisodeMetrics metrics = ScoreEpisodes(rows, episodes, {.ways = 2});
  EXPECT_EQ(metrics.nearest.value, 0);
  EXPECT_EQ(metrics.prototype.value, 0);
}

TEST(EpisodesTest, IntervalIsThatOfTheMeanOverEpisodes) {
  // Accuracies 1, 1, 1, 0: mean 3/4, standard error sqrt(1/4 / 4) = 1/4.
  const UnitRows rows = AtAngles({0, 90, 1, 91});
  const Episode right = {.support = {0, 1}, .queries = {2, 3}};
  const Episode wrong = {.support = {0, 1}, .queries = {3, 2}};
  const std::vector<Episode> episodes = {right, right, right, wrong};
  const Estimate nearest = ScoreEpisodes(rows, episodes, {.ways = 2}).nearest;
  EXPECT_EQ(nearest.value, 0.75);
  EXPECT_NEAR(nearest.low, 0.75 - 1.96 / 4, 1e-12);
  EXPECT_NEAR(nearest.high, 0.75 + 1.96 / 4, 1e-12);
}

}  // namespace
}  // namespace likeness
