// Searches among items with several vectors in a space.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/collection/naive_search.h"
#include "tests/unit/collection/plane_vectors.h"

namespace likeness {
namespace {

using ::likeness::testing::AtDegrees;
using ::likeness::testing::BlamesField;
using ::likeness::testing::HitsOf;
using ::likeness::testing::kSimilarDimensions;
using ::likeness::testing::NaiveHit;
using ::likeness::testing::NaiveSearchTest;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::SmallSegments;
using ::likeness::testing::Together;

using Vector = std::vector<float>;

double CosineOf(double degrees) {
  return std::cos(degrees * std::acos(-1.0) / 180);
}

class SeveralVectorsTest : public NaiveSearchTest {
 protected:
  // Ids and vectors of the hits.
  struct Found {
    std::string id;
    uint32_t vector = 0;

    friend bool operator==(const Found&, const Found&) = default;
  };
  std::vector<Found> FoundBy(const SearchRequest& request) {
    std::vector<Found> found;
    for (const Hit& hit : Search(request).hits) {
      found.push_back({hit.id, hit.vector});
    }
    return found;
  }

  // `count` items with `vectors` vectors that lie close together.
  void FillWithClusters(int count, int vectors) {
    std::vector<Mutation> puts;
    for (int i = 0; i < count; ++i) {
      const Vector centre = RandomQuery();
      Vector all;
      for (int j = 0; j < vectors; ++j) {
        const Vector noise = RandomQuery();
        for (size_t d = 0; d < centre.size(); ++d) {
          all.push_back(centre[d] + 0.05F * noise[d]);
        }
      }
      puts.push_back(PutOf(absl::StrCat("item", i), std::move(all)));
      if (puts.size() == 50) Put(std::exchange(puts, {}));
    }
    Put(std::move(puts));
  }

  void Reopen() {
    opened_ = {};
    opened_ = OpenTestCollection(dir_.path(), SmallSegments(64, 200));
  }
};

TEST_F(SeveralVectorsTest, AnItemIsFoundOnceByItsNearestVector) {
  Put({PutOf("shoe", Together({AtDegrees(90), AtDegrees(10), AtDegrees(12)})),
       PutOf("boot", AtDegrees(20)),
       PutOf("sock", Together({AtDegrees(200), AtDegrees(-30)}))});
  SearchRequest request;
  request.target = AtDegrees(0);
  for (const bool compacted : {false, true}) {
    if (compacted) {
      ASSERT_OK(collection().Compact());
    }
    const SearchResult result = Search(request);
    ASSERT_EQ(result.hits.size(), 3U);
    EXPECT_TRUE(result.exact);
    EXPECT_EQ(result.candidates_examined, 6U);
    EXPECT_EQ(FoundBy(request),
              (std::vector<Found>{{"shoe", 1}, {"boot", 0}, {"sock", 1}}));
    EXPECT_NEAR(result.hits[0].similarity, CosineOf(10), 1e-6);
    EXPECT_NEAR(result.hits[1].similarity, CosineOf(20), 1e-6);
    EXPECT_NEAR(result.hits[2].similarity, CosineOf(30), 1e-6);
    EXPECT_EQ(result.hits[0].vectors, 3U);
    EXPECT_EQ(result.hits[1].vectors, 1U);
    EXPECT_EQ(result.hits[2].vectors, 2U);
  }
  request.min_similarity = static_cast<float>(CosineOf(15));
  EXPECT_EQ(FoundBy(request), (std::vector<Found>{{"shoe", 1}}));
  request.min_similarity = -1;
  request.exclude_ids = {"shoe"};
  EXPECT_EQ(FoundBy(request), (std::vector<Found>{{"boot", 0}, {"sock", 1}}));
}

TEST_F(SeveralVectorsTest, OfEqualVectorsTheFirstIsNamed) {
  Put({PutOf("a", Together({AtDegrees(50), AtDegrees(5), AtDegrees(5)}))});
  SearchRequest request;
  request.target = AtDegrees(5);
  EXPECT_EQ(FoundBy(request), (std::vector<Found>{{"a", 1}}));
}

TEST_F(SeveralVectorsTest, AnItemLooksForWhatIsNearAnyOfItsVectors) {
  Put({PutOf("query", Together({AtDegrees(0), AtDegrees(100)})),
       PutOf("near the second", Together({AtDegrees(50), AtDegrees(103)})),
       PutOf("near the first", AtDegrees(7)), PutOf("between", AtDegrees(50))});
  SearchRequest request;
  request.target = "query";
  const SearchResult result = Search(request);
  ASSERT_EQ(result.hits.size(), 3U);
  EXPECT_EQ(FoundBy(request), (std::vector<Found>{{"near the second", 1},
                                                  {"near the first", 0},
                                                  {"between", 0}}));
  EXPECT_NEAR(result.hits[0].similarity, CosineOf(3), 1e-6);
  EXPECT_NEAR(result.hits[2].similarity, CosineOf(50), 1e-6);
  // The same by pages, whose token takes both vectors along.
  request.paged = true;
  request.k = 1;
  for (const NaiveHit& hit : HitsOf(result)) {
    const SearchResult page = Search(request);
    EXPECT_EQ(HitsOf(page), std::vector<NaiveHit>{hit});
    request.after = page.next;
  }
  EXPECT_FALSE(request.after.has_value());
}

TEST_F(SeveralVectorsTest, AmongExamplesAnItemCountsAsTheMeanOfItsVectors) {
  Put({PutOf("wide", Together({AtDegrees(0), AtDegrees(90)})),
       PutOf("at 45", AtDegrees(45)), PutOf("at 75", AtDegrees(75))});
  SearchRequest request;
  // The mean of (1/2, 1/2) and the unit vector at 135 degrees: at 99.7.
  request.target = Examples{.positives = {"wide", AtDegrees(135)}};
  const SearchResult result = Search(request);
  ASSERT_EQ(result.hits.size(), 2U);
  const double x = 0.5 + std::cos(std::acos(-1.0) * 0.75);
  const double y = 0.5 + std::sin(std::acos(-1.0) * 0.75);
  const double angle = std::atan2(y, x) / std::acos(-1.0) * 180;
  EXPECT_EQ(result.hits[0].id, "at 75");
  EXPECT_NEAR(result.hits[0].similarity, CosineOf(angle - 75), 1e-6);
  EXPECT_NEAR(result.hits[1].similarity, CosineOf(angle - 45), 1e-6);
}

TEST_F(SeveralVectorsTest, ExamplesTogetherHaveALimit) {
  std::vector<Mutation> puts;
  Examples examples{.rule = ExampleRule::kBest};
  for (int i = 0; i < 3; ++i) {
    const std::string id = absl::StrCat("item", i);
    puts.push_back(PutOf(id, Together(std::vector<Vector>(64, AtDegrees(i)))));
    examples.positives.emplace_back(id);
  }
  Put(std::move(puts));
  SearchRequest request;
  request.target = examples;
  EXPECT_THAT(collection().Search(request), BlamesField("examples.positives"));
  examples.positives.pop_back();
  request.target = examples;
  EXPECT_EQ(FoundBy(request), (std::vector<Found>{{"item2", 0}}));
}

// The vectors of an item are nearer to each other than to most others': a long
// list of vectors has few items.
TEST_F(SeveralVectorsTest, AGraphFillsKItemsHoweverManyVectorsTheyHave) {
  opened_ = {};
  SegmentOptions options = SmallSegments(1 << 20, 200);
  options.graph.m = 8;
  options.graph.ef_construction = 40;
  opened_ = OpenTestCollection(dir_.path(), options);
  FillWithClusters(900, 16);
  ASSERT_OK(collection().Compact());
  bool walked_any = false;
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed_, ", round ", round));
    SearchRequest request;
    const Vector query = RandomQuery();
    request.target = query;
    const auto expected = Find({.queries = {query}});
    for (const int k : {1, 10, 100}) {
      request.k = k;
      request.exact = false;
      request.ef_search = 100;
      const SearchResult walked = Search(request);
      walked_any = walked_any || !walked.exact;
      ASSERT_EQ(walked.hits.size(), static_cast<size_t>(k));
      std::set<std::string> ids;
      for (const Hit& hit : walked.hits) {
        EXPECT_TRUE(ids.insert(hit.id).second) << hit.id;
      }
      request.exact = true;
      request.ef_search = 0;
      const SearchResult scored = Search(request);
      EXPECT_TRUE(scored.exact);
      EXPECT_EQ(HitsOf(scored),
                std::vector<NaiveHit>(expected.begin(), expected.begin() + k));
    }
  }
  EXPECT_TRUE(walked_any);
}

// They fill the first list that the graph is asked for, and the next ones.
TEST_F(SeveralVectorsTest, AnItemOfManyNearVectorsCrowdsNoOtherOut) {
  opened_ = {};
  opened_ = OpenTestCollection(dir_.path(), SmallSegments(1 << 20, 200));
  std::vector<Mutation> puts;
  for (int i = 0; i < 3000; ++i) {
    puts.push_back(PutOf(absl::StrCat("item", i), RandomQuery()));
  }
  for (const char* id : {"crowd 1", "crowd 2", "crowd 3"}) {
    puts.push_back(PutOf(id, Together(std::vector<Vector>(64, AtDegrees(0)))));
  }
  Put(std::move(puts));
  ASSERT_OK(collection().Compact());
  SearchRequest request;
  request.target = AtDegrees(0);
  for (const int ef_search : {0, 10}) {
    request.ef_search = ef_search;
    const SearchResult result = Search(request);
    ASSERT_EQ(result.hits.size(), 10U);
    std::set<std::string> ids;
    for (const Hit& hit : result.hits) ids.insert(hit.id);
    EXPECT_EQ(ids.size(), 10U);
  }
}

TEST_F(SeveralVectorsTest, EveryWayToAskIsTheNaiveOne) {
  Fill(500);
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed_, ", round ", round));
    if (round == 10) {
      ASSERT_OK(collection().Compact());
    }
    if (round == 20) Reopen();
    SearchRequest request;
    request.exact = true;
    request.k = 1 + static_cast<int>(random_() % 40);
    Wanted wanted;
    wanted.groups = static_cast<size_t>(request.k);
    const std::string id = RandomId();
    if (model_.at(id).vectors.empty()) {
      wanted.queries = {RandomQuery()};
      request.target = wanted.queries.front();
    } else {
      request.target = id;
      wanted.item_queries = {id};
      wanted.excluded = {id};
    }
    if (round % 3 == 0) {
      request.group_by = "product";
      wanted.grouped = true;
    }
    if (round % 2 == 0) {
      request.min_similarity = 0.2F;
      wanted.min_similarity = 0.2F;
    }
    EXPECT_EQ(HitsOf(Search(request)), Find(wanted));
    Put(RandomPut(RandomId()));
    Delete(RandomId());
  }
}

}  // namespace
}  // namespace likeness
