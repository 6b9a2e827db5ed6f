// Pages of hits, and items that are left out.
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/collection/naive_search.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::HasReason;
using ::likeness::testing::HitsOf;
using ::likeness::testing::kSimilarDimensions;
using ::likeness::testing::NaiveHit;
using ::likeness::testing::NaiveSearchTest;

using Hits = std::vector<NaiveHit>;

class PageSearchTest : public NaiveSearchTest {
 protected:
  // The hits of all pages. Before each page but the first, `meanwhile` is given
  // those so far.
  Hits AllPages(SearchRequest request,
                const std::function<void(const Hits&)>& meanwhile) {
    Hits hits;
    request.paged = true;
    uint64_t op_id = 0;
    for (;;) {
      const SearchResult page = Search(request);
      EXPECT_LE(page.hits.size(), static_cast<size_t>(request.k));
      if (op_id == 0) op_id = page.op_id;
      EXPECT_EQ(page.op_id, op_id);
      EXPECT_TRUE(page.exact);
      for (const NaiveHit& hit : HitsOf(page)) hits.push_back(hit);
      if (!page.next.has_value()) return hits;
      EXPECT_EQ(page.next->depth, hits.size());
      request.after = page.next;
      meanwhile(hits);
    }
  }
};

// Rows may be in growing, flat and graph segments, and move between them.
TEST_F(PageSearchTest, ExactPagesAreTheNaiveRangeWhileItemsComeAndGo) {
  Fill(600);
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed_, ", round ", round));
    if (round == 4) {
      ASSERT_OK(collection().Compact());
    }
    SearchRequest request;
    request.exact = true;
    request.k = 5 + static_cast<int>(random_() % 40);
    request.min_similarity = round % 3 == 0 ? -1.0F : 0.1F;
    const std::vector<float> query = RandomQuery();
    request.target = query;
    Hits expected =
        Find({.queries = {query}, .min_similarity = request.min_similarity});
    const auto vanish = [&](const std::string& id, const Hits& given) {
      const auto is_it = [&](const NaiveHit& hit) { return hit.id == id; };
      if (std::any_of(given.begin(), given.end(), is_it)) return;
      std::erase_if(expected, is_it);
    };
    int changes = 0;
    const Hits hits = AllPages(request, [&](const Hits& given) {
      if (++changes == 3) {
        ASSERT_OK(collection().Compact());
      }
      Put(RandomPut(absl::StrCat("new", round, "/", changes)));
      const std::string deleted = RandomId();
      Delete(deleted);
      vanish(deleted, given);
      const std::string replaced = RandomId();
      Put(RandomPut(replaced));
      vanish(replaced, given);
    });
    ASSERT_EQ(hits, expected);
  }
}

TEST_F(PageSearchTest, PagesOverAGraphNeverRepeatNorGoBack) {
  std::vector<Mutation> puts;
  for (int i = 0; i < 3000; ++i) {
    puts.push_back(PutOf(absl::StrCat("item", i), RandomQuery()));
    if (puts.size() == 100) Put(std::exchange(puts, {}));
  }
  ASSERT_OK(collection().Compact());
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed_, ", round ", round));
    SearchRequest request;
    request.k = 7;
    request.ef_search = 8;
    request.target = RandomQuery();
    request.paged = true;
    Hits hits;
    bool exact = true;
    for (int page = 0; page < 30; ++page) {
      const SearchResult result = Search(request);
      ASSERT_EQ(result.hits.size(), 7U);
      exact = exact && result.exact;
      for (const NaiveHit& hit : HitsOf(result)) hits.push_back(hit);
      ASSERT_TRUE(result.next.has_value());
      request.after = result.next;
    }
    EXPECT_FALSE(exact);  // There was a walk.
    std::set<std::string> ids;
    for (const NaiveHit& hit : hits) EXPECT_TRUE(ids.insert(hit.id).second);
    EXPECT_TRUE(std::is_sorted(hits.begin(), hits.end(),
                               [](const NaiveHit& a, const NaiveHit& b) {
                                 return a.similarity > b.similarity;
                               }));
  }
}

// Depth is no limit: where lists would be too long, rows are scored.
TEST_F(PageSearchTest, APageBehindTenThousandHitsIsExact) {
  Fill(400);
  ASSERT_OK(collection().Compact());
  const std::vector<float> query = RandomQuery();
  SearchRequest request;
  request.target = query;
  request.paged = true;
  SearchResult first = Search(request);
  ASSERT_TRUE(first.next.has_value());
  first.next->depth = 1'000'000'000'000;
  request.after = first.next;
  const SearchResult second = Search(request);
  EXPECT_TRUE(second.exact);
  const Hits all = Find({.queries = {query}});
  EXPECT_EQ(HitsOf(second), Hits(all.begin() + 10, all.begin() + 20));
}

TEST_F(PageSearchTest, ManyEqualItemsArePagedByAge) {
  const std::vector<float> same = RandomQuery();
  std::vector<Mutation> puts;
  for (int i = 0; i < 1000; ++i) {
    puts.push_back(PutOf(absl::StrCat("same", i), same));
  }
  Put(std::move(puts));
  ASSERT_OK(collection().Compact());
  SearchRequest request;
  request.target = same;
  request.k = 300;
  const Hits hits = AllPages(request, [](const Hits&) {});
  ASSERT_EQ(hits, Find({.queries = {same}}));
  EXPECT_EQ(hits.front().id, "same0");
  EXPECT_EQ(hits.back().id, "same999");
}

// The pages look for what the first one looked for.
TEST_F(PageSearchTest, TheItemThatIsLookedForMayGoMeanwhile) {
  Fill(100);
  const std::vector<float> vector = RandomQuery();
  Put(PutOf("target", vector));
  SearchRequest request;
  request.target = "target";
  const Hits expected = Find({.queries = {vector}, .excluded = {"target"}});
  int pages = 0;
  const Hits hits = AllPages(request, [&](const Hits&) {
    if (++pages == 1) Put(PutOf("target", RandomQuery()));
    if (pages == 2) Delete("target");
  });
  EXPECT_EQ(hits, expected);
}

TEST_F(PageSearchTest, CursorsThatDoNotFitAreRefused) {
  Fill(50);
  SearchRequest request;
  request.target = RandomQuery();
  request.paged = true;
  const SearchResult first = Search(request);
  ASSERT_TRUE(first.next.has_value());
  request.after = first.next;
  request.after->as_of = collection().last_op_id() + 1;
  EXPECT_THAT(collection().Search(request), HasReason(kReasonNotYetVisible));
  request.after = first.next;
  request.after->queries.clear();
  EXPECT_THAT(collection().Search(request), BlamesField("page_token"));
  for (const std::vector<float>& wrong :
       {std::vector<float>{1}, std::vector<float>(kSimilarDimensions, 1),
        std::vector<float>(kSimilarDimensions, NAN)}) {
    request.after->queries = {wrong};
    EXPECT_THAT(collection().Search(request), BlamesField("page_token"));
  }
  request.after = first.next;
  request.group_by = "product";
  EXPECT_THAT(collection().Search(request), BlamesField("group_by"));
}

using ExclusionTest = NaiveSearchTest;

TEST_F(ExclusionTest, TheHitsAreTheBestOfTheRest) {
  Fill(500);
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", seed_, ", round ", round));
    if (round == 10) {
      ASSERT_OK(collection().Compact());
    }
    SearchRequest request;
    request.exact = true;
    request.k = 30;
    request.exclude_ids = {"nobody", "nobody"};
    Wanted wanted;
    const std::string id = RandomId();
    if (round % 2 == 0 && !model_.at(id).vectors.empty()) {
      request.target = id;
      wanted.item_queries = {id};
      wanted.excluded.insert(id);
    } else {
      wanted.queries = {RandomQuery()};
      request.target = wanted.queries.front();
    }
    // The very best, and others.
    const Hits best = Find(wanted);
    for (size_t i = 0; i < 40; ++i) {
      wanted.excluded.insert(best[i].id);
      wanted.excluded.insert(RandomId());
    }
    request.exclude_ids.insert(request.exclude_ids.end(),
                               wanted.excluded.begin(), wanted.excluded.end());
    Hits expected = Find(wanted);
    expected.resize(30);
    const Hits hits = HitsOf(Search(request));
    ASSERT_EQ(hits.size(), 30U);
    for (size_t i = 0; i < hits.size(); ++i) {
      EXPECT_FALSE(wanted.excluded.contains(hits[i].id));
      EXPECT_NEAR(hits[i].similarity, expected[i].similarity, 1e-5);
    }
    // In pages the last place is not left to rounding.
    request.paged = true;
    EXPECT_EQ(HitsOf(Search(request)), expected);
  }
}

// Also of a collection that has no rows, or none that an index is asked for.
TEST_F(PageSearchTest, AnEffortOutOfRangeIsNamedWhateverThereIsToSearch) {
  for (const bool filled : {false, true}) {
    if (filled) Fill(3);
    for (const bool paged : {false, true}) {
      SCOPED_TRACE(absl::StrCat(filled, paged));
      SearchRequest request;
      request.target = RandomQuery();
      request.paged = paged;
      EXPECT_OK(collection().Search(request));
      request.nprobe = -1;
      EXPECT_THAT(collection().Search(request), BlamesField("nprobe"));
      request.nprobe = 0;
      request.ef_search = kMaxEfSearch + 1;
      EXPECT_THAT(collection().Search(request), BlamesField("ef_search"));
      request.ef_search = 0;
      request.recall_target = std::nanf("");
      EXPECT_THAT(collection().Search(request), BlamesField("recall_target"));
      request.recall_target.reset();
      request.min_similarity = -1.1F;
      EXPECT_THAT(collection().Search(request), BlamesField("min_similarity"));
    }
  }
}

TEST_F(ExclusionTest, HasALimit) {
  Fill(3);
  SearchRequest request;
  request.target = RandomQuery();
  request.exclude_ids.assign(1000, "nobody");
  EXPECT_OK(collection().Search(request));
  request.exclude_ids.push_back("nobody");
  EXPECT_THAT(collection().Search(request), BlamesField("exclude_item_ids"));
}

}  // namespace
}  // namespace likeness
