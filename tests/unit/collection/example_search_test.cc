// Searches for several things at once.
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/collection/naive_search.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::HitsOf;
using ::likeness::testing::kSimilarDimensions;
using ::likeness::testing::NaiveHit;
using ::likeness::testing::NaiveSearchTest;

using Hits = std::vector<NaiveHit>;

using ExamplesTest = NaiveSearchTest;

std::vector<float> Axis(size_t axis, float value = 1) {
  std::vector<float> vector(kSimilarDimensions, 0);
  vector[axis] = value;
  return vector;
}

TEST_F(ExamplesTest, RocchioWorkedByHand) {
  Put({PutOf("x", Axis(0)), PutOf("y", Axis(1)), PutOf("z", Axis(2)),
       PutOf("far", Axis(3, 5))});
  SearchRequest request;
  // (x + y) / 2 - z / 2, of whatever length the examples are given.
  request.target = Examples{.positives = {Axis(0, 7), "y"},
                            .negatives = {Axis(2, 0.1F)},
                            .negative_weight = 0.5F};
  const SearchResult result = Search(request);
  ASSERT_EQ(result.hits.size(), 3U);  // "y" is an example.
  const auto third = static_cast<float>(1 / std::sqrt(3.0));
  EXPECT_EQ(result.hits[0].id, "x");
  EXPECT_NEAR(result.hits[0].similarity, third, 1e-6);
  EXPECT_EQ(result.hits[1].id, "far");
  EXPECT_NEAR(result.hits[1].similarity, 0, 1e-6);
  EXPECT_EQ(result.hits[2].id, "z");
  EXPECT_NEAR(result.hits[2].similarity, -third, 1e-6);
}

TEST_F(ExamplesTest, OnePositiveIsThatItem) {
  Fill(100);
  Put(PutOf("target", RandomQuery()));
  SearchRequest request;
  request.target = "target";
  const Hits expected = HitsOf(Search(request));
  for (const ExampleRule rule : {ExampleRule::kMean, ExampleRule::kBest}) {
    request.target = Examples{.positives = {"target"}, .rule = rule};
    const Hits hits = HitsOf(Search(request));
    ASSERT_EQ(hits.size(), expected.size());
    for (size_t i = 0; i < hits.size(); ++i) {
      EXPECT_NE(hits[i].id, "target");
      EXPECT_NEAR(hits[i].similarity, expected[i].similarity, 1e-6);
    }
  }
}

TEST_F(ExamplesTest, TheBestOfSeveralIsTheNaiveOne) {
  Fill(500);
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed_, ", round ", round));
    if (round == 10) {
      ASSERT_OK(collection().Compact());
    }
    Wanted wanted;
    Examples examples{.rule = ExampleRule::kBest};
    for (size_t i = 0; i <= random_() % 5; ++i) {
      wanted.queries.push_back(RandomQuery());
      examples.positives.push_back(wanted.queries.back());
    }
    Put(PutOf("own", RandomQuery()));
    wanted.item_queries = {"own"};
    wanted.excluded = {"own"};
    wanted.groups = 40;
    examples.positives.push_back("own");
    SearchRequest request;
    request.target = examples;
    request.exact = true;
    request.k = 40;
    const SearchResult result = Search(request);
    EXPECT_EQ(HitsOf(result), Find(wanted));
    EXPECT_TRUE(result.exact);
  }
}

TEST_F(ExamplesTest, AGraphFindsTheNeighboursOfEachOfSeveral) {
  std::vector<Mutation> puts;
  for (int i = 0; i < 4000; ++i) {
    puts.push_back(PutOf(absl::StrCat("item", i), RandomQuery()));
    if (puts.size() == 100) Put(std::exchange(puts, {}));
  }
  ASSERT_OK(collection().Compact());
  // Each is its own nearest, which a walk that starts with a greedy descent and
  // keeps hundreds of candidates does not miss.
  Examples examples{.rule = ExampleRule::kBest};
  std::set<std::string> wanted;
  for (int i = 0; i < 5; ++i) {
    const std::string id = absl::StrCat("item", i * 700);
    examples.positives.push_back(model_.at(id).vectors);
    wanted.insert(id);
  }
  SearchRequest request;
  request.target = examples;
  request.k = 5;
  const SearchResult result = Search(request);
  std::set<std::string> found;
  for (const Hit& hit : result.hits) {
    found.insert(hit.id);
    EXPECT_FLOAT_EQ(hit.similarity, 1);
  }
  EXPECT_EQ(found, wanted);
}

TEST_F(ExamplesTest, BadOnesAreNamed) {
  Put({PutOf("a", Axis(0)), PutOf("blind", {})});
  SearchRequest request;
  const auto search = [&](Examples examples) {
    request.target = std::move(examples);
    return collection().Search(request);
  };
  EXPECT_THAT(search({}), BlamesField("examples.positives"));
  EXPECT_THAT(search({.positives = std::vector<Example>(33, Axis(0))}),
              BlamesField("examples.positives"));
  EXPECT_THAT(search({.positives = {"a"},
                      .negatives = std::vector<Example>(33, Axis(1))}),
              BlamesField("examples.negatives"));
  EXPECT_THAT(search({.positives = {"a"},
                      .negatives = {Axis(1)},
                      .rule = ExampleRule::kBest}),
              BlamesField("examples.negatives"));
  for (const float wrong : {-0.1F, 1.1F, NAN}) {
    EXPECT_THAT(search({.positives = {"a"}, .negative_weight = wrong}),
                BlamesField("examples.negative_weight"));
  }
  EXPECT_THAT(search({.positives = {"a", Axis(0, 0)}}),
              BlamesField("examples.positives[1].vector"));
  const auto missing = search({.positives = {"a"}, .negatives = {"nobody"}});
  EXPECT_THAT(missing, Fails(absl::StatusCode::kNotFound, "nobody"));
  EXPECT_THAT(missing, BlamesField("examples.negatives[0].item_id"));
  EXPECT_THAT(search({.positives = {"blind"}}),
              BlamesField("examples.positives[0].item_id"));
  // Nothing is left.
  EXPECT_THAT(
      search(
          {.positives = {"a"}, .negatives = {Axis(0)}, .negative_weight = 1}),
      BlamesField("examples"));
  EXPECT_THAT(search({.positives = {"a", Axis(0, -3)}}),
              BlamesField("examples"));
}

}  // namespace
}  // namespace likeness
