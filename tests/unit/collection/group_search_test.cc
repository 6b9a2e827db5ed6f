// Searches for the best items of each group.
#include <algorithm>
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
    request.group_size =
        round % 3 == 0 ? 1 : 1 + static_cast<int>(random_() % 5);
    wanted.groups = static_cast<size_t>(request.k);
    wanted.group_size = static_cast<size_t>(request.group_size);
    request.min_similarity = wanted.min_similarity;
    request.group_by = "product";
    Examples examples{.rule = ExampleRule::kBest};
    for (const auto& query : wanted.queries)
      examples.positives.push_back(query);
    request.target = examples;
    const SearchResult result = Search(request);
    EXPECT_EQ(HitsOf(result), Find(wanted));
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
  // The groups that a walk found, each with its best whatever the walk saw.
  request.group_size = 3;
  const SearchResult several = Search(request);
  ASSERT_EQ(several.hits.size(), 4U * 3 + 8) << "seed " << seed_;
  EXPECT_EQ(First(HitsOf(several), 12), Find({.queries = {centre},
                                              .grouped = true,
                                              .group_size = 3,
                                              .groups = 4}));
  request.group_size = 1;
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
  request.target = model_.at("item7").vectors;
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

TEST_F(GroupSearchTest, SizesOutOfRangeAreNamed) {
  Put(PutOf("a", RandomQuery(), "product1"));
  SearchRequest request;
  request.target = RandomQuery();
  request.group_size = 2;
  EXPECT_THAT(collection().Search(request), BlamesField("group_size"));
  request.group_by = "product";
  EXPECT_OK(collection().Search(request));
  for (const int wrong : {-1, 0, kMaxGroupSize + 1}) {
    request.group_size = wrong;
    EXPECT_THAT(collection().Search(request), BlamesField("group_size"));
  }
  request.group_size = kMaxGroupSize;
  EXPECT_OK(collection().Search(request));
  request.k = 11;
  EXPECT_THAT(collection().Search(request), BlamesField("group_size"));
}

}  // namespace
}  // namespace likeness
