// Searches for the best item of each group, and for several things at once.
#include <algorithm>
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
using ::likeness::testing::SearchedItem;

using Hits = std::vector<NaiveHit>;

Hits First(Hits hits, size_t k) {
  if (hits.size() > k) hits.resize(k);
  return hits;
}

using GroupSearchTest = NaiveSearchTest;

TEST_F(GroupSearchTest, AnExactSearchFindsTheBestOfEachGroup) {
  Fill(600, 15);
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed_, ", round ", round));
    if (round == 10) {
      ASSERT_OK(collection().Compact());
    }
    if (round >= 10) {
      Delete(RandomId());
      Put(RandomPut(RandomId(), "product3"));
    }
    Wanted wanted{.queries = {RandomQuery()}, .grouped = true};
    if (round % 2 == 0) wanted.min_similarity = 0.3F;
    if (round % 5 == 0) wanted.queries.push_back(RandomQuery());
    SearchRequest request;
    request.exact = true;
    request.k = 1 + static_cast<int>(random_() % 200);
    request.min_similarity = wanted.min_similarity;
    request.group_by = "product";
    Examples examples{.rule = ExampleRule::kBest};
    for (const auto& query : wanted.queries)
      examples.positives.push_back(query);
    request.target = examples;
    const SearchResult result = Search(request);
    EXPECT_EQ(HitsOf(result),
              First(Find(wanted), static_cast<size_t>(request.k)));
    EXPECT_TRUE(result.exact);
    EXPECT_TRUE(result.groups_complete);
  }
}

// The nearest items by far are all of a few products.
TEST_F(GroupSearchTest, LargeGroupsDoNotKeepOthersOutOfAGraphSearch) {
  const std::vector<float> centre = RandomQuery();
  std::vector<Mutation> puts;
  for (int i = 0; i < 3000; ++i) {
    std::vector<float> vector = RandomQuery();
    const bool crowd = i % 3 != 0;
    for (size_t d = 0; crowd && d < vector.size(); ++d) {
      vector[d] = centre[d] + 0.01F * vector[d];
    }
    puts.push_back(
        PutOf(absl::StrCat("item", i), std::move(vector),
              crowd ? absl::StrCat("crowd", i % 4) : absl::StrCat("other", i)));
    if (puts.size() == 100) Put(std::exchange(puts, {}));
  }
  ASSERT_OK(collection().Compact());
  SearchRequest request;
  request.target = centre;
  request.group_by = "product";
  request.k = 12;
  request.ef_search = 12;
  const SearchResult result = Search(request);
  ASSERT_EQ(result.hits.size(), 12U) << "seed " << seed_;
  EXPECT_TRUE(result.groups_complete);
  std::set<std::string> products;
  for (const Hit& hit : result.hits) {
    const SearchedItem& item = model_.at(hit.id);
    EXPECT_TRUE(products.insert(item.product).second) << item.product;
  }
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(products.contains(absl::StrCat("crowd", i)));
  }
  // The lists of the walks were not enough, so that rows were scored.
  request.k = 1000;
  const SearchResult all = Search(request);
  EXPECT_EQ(HitsOf(all),
            First(Find({.queries = {centre}, .grouped = true}), 1000));
}

TEST_F(GroupSearchTest, AShortAnswerSaysWhetherThereAreOthers) {
  std::vector<Mutation> puts;
  for (int i = 0; i < 3000; ++i) {
    puts.push_back(PutOf(absl::StrCat("item", i), RandomQuery(),
                         absl::StrCat("product", i)));
    if (puts.size() == 100) Put(std::exchange(puts, {}));
  }
  ASSERT_OK(collection().Compact());
  SearchRequest request;
  request.target = model_.at("item7").vector;
  request.group_by = "product";
  request.min_similarity = 0.99999F;
  request.ef_search = 50;
  const SearchResult walked = Search(request);
  ASSERT_EQ(walked.hits.size(), 1U);
  EXPECT_EQ(walked.hits[0].id, "item7");
  EXPECT_FALSE(walked.exact);
  EXPECT_FALSE(walked.groups_complete);
  request.exact = true;
  const SearchResult scored = Search(request);
  EXPECT_EQ(HitsOf(scored), HitsOf(walked));
  EXPECT_TRUE(scored.groups_complete);
}

TEST_F(GroupSearchTest, FieldsThatItemsHaveByThemselvesGroupToo) {
  Fill(30);
  SearchRequest request;
  request.target = RandomQuery();
  request.group_by = "item.id";
  request.k = 1000;
  EXPECT_EQ(Search(request).hits.size(),
            Find({.queries = {RandomQuery()}}).size());
  request.group_by = "prodcut";
  EXPECT_THAT(collection().Search(request),
              Fails(absl::StatusCode::kInvalidArgument, "\"product\"?"));
}

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
    examples.positives.push_back("own");
    SearchRequest request;
    request.target = examples;
    request.exact = true;
    request.k = 40;
    const SearchResult result = Search(request);
    EXPECT_EQ(HitsOf(result), First(Find(wanted), 40));
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
    examples.positives.push_back(model_.at(id).vector);
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
