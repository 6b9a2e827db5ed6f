// Collections whose owner chose how they are indexed.
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/distance.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::OpenedCollection;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;

constexpr int kQueries = 50;
constexpr int kNeighbors = 10;
// Enough that walking a graph is chosen over scoring them all.
constexpr int kMany = 4000;

IndexOptions SmallGraphs(VectorCode code) {
  return {.code = code, .m = 8, .ef_construction = 40, .min_graph_rows = 100};
}

class IndexOptionsTest : public ::testing::Test {
 protected:
  Collection& collection() { return *opened_.collection; }

  void Choose(const IndexOptions& options) {
    ASSERT_OK(opened_.set->UpdateIndexOptions(
        "test", [&](IndexOptions& now) { now = options; }));
  }

  void Reopen() {
    opened_ = {};
    opened_ = OpenTestCollection(dir_.path());
  }

  // Puts items `begin` to `end` - 1.
  void Put(int begin, int end) {
    for (int first = begin; first < end; first += 1000) {
      std::vector<Mutation> puts;
      for (int id = first; id < std::min(end, first + 1000); ++id) {
        puts.push_back(VersionedPut(absl::StrCat(id), 1));
      }
      ASSERT_OK(collection().Upsert(std::move(puts)));
    }
  }

  static SearchRequest Query(int number) {
    SearchRequest request;
    request.k = kNeighbors;
    request.target =
        VersionedVector(Space::kSimilar, absl::StrCat("query", number), 1);
    return request;
  }

  // Searches through a graph: how much of the truth they find. Every
  // similarity must be that of the stored vectors.
  double CheckedRecall() {
    size_t found = 0;
    for (int number = 0; number < kQueries; ++number) {
      SearchRequest request = Query(number);
      const auto result = collection().Search(request);
      EXPECT_OK(result);
      if (!result.ok()) return 0;
      EXPECT_FALSE(result->exact);
      std::set<std::string> ids;
      for (const Hit& hit : result->hits) {
        ids.insert(hit.id);
        const auto stored = VersionedVector(Space::kSimilar, hit.id, 1);
        const auto& query = std::get<std::vector<float>>(request.target);
        EXPECT_NEAR(hit.similarity, CosineSimilarity(query, stored), 1e-6);
      }
      request.exact = true;
      const auto truth = collection().Search(request);
      EXPECT_OK(truth);
      if (!truth.ok()) return 0;
      for (const Hit& hit : truth->hits) found += ids.count(hit.id);
    }
    return static_cast<double>(found) / (kQueries * kNeighbors);
  }

  uint64_t Examined() {
    uint64_t examined = 0;
    for (int number = 0; number < kQueries; ++number) {
      const auto result = collection().Search(Query(number));
      EXPECT_OK(result);
      if (result.ok()) examined += result->candidates_examined;
    }
    return examined;
  }

  const testing::TempDir dir_;
  OpenedCollection opened_ = OpenTestCollection(dir_.path());
};

TEST_F(IndexOptionsTest, EveryCodeIsScoredExactlyAndKeepsItsRecall) {
  Put(0, kMany);
  std::map<VectorCode, uint64_t> memory;
  for (const VectorCode code : {VectorCode::kFloat32, VectorCode::kBfloat16,
                                VectorCode::kFloat16, VectorCode::kInt8}) {
    SCOPED_TRACE(VectorCodeName(code));
    Choose(SmallGraphs(code));
    ASSERT_OK(collection().Compact());
    EXPECT_GE(CheckedRecall(), 0.95);
    memory[code] = collection().stats().memory_bytes;
  }
  // Codes of 8 dimensions are filled up to 64 bytes, so that the memory of so
  // short vectors proves nothing but that they are not the same indexes.
  EXPECT_NE(memory[VectorCode::kInt8], memory[VectorCode::kFloat32]);
}

TEST_F(IndexOptionsTest, ListsAreScoredExactlyAndKeepTheirRecall) {
  Put(0, kMany);
  Choose({.min_graph_rows = 100, .kind = IndexKind::kIvf});
  ASSERT_OK(collection().Compact());
  EXPECT_GE(CheckedRecall(), 0.97);
  SearchRequest request = Query(1);
  request.nprobe = 1;
  ASSERT_OK_AND_ASSIGN(const auto few, collection().Search(request));
  request.nprobe = 100;
  ASSERT_OK_AND_ASSIGN(const auto many, collection().Search(request));
  EXPECT_EQ(few.hits.size(), static_cast<size_t>(kNeighbors));
  EXPECT_LT(few.candidates_examined, many.candidates_examined);
  request.nprobe = kMaxNprobe + 1;
  EXPECT_THAT(collection().Search(request), BlamesField("nprobe"));
  // A page and groups ask for more than the nearest few.
  request.nprobe = 0;
  request.paged = true;
  request.k = 1000;
  size_t seen = 0;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto page, collection().Search(request));
    seen += page.hits.size();
    if (!page.next.has_value()) break;
    request.after = page.next;
  }
  EXPECT_EQ(seen, static_cast<size_t>(kMany));
}

TEST_F(IndexOptionsTest, AnotherKindOfIndexIsBuiltByACompaction) {
  Put(0, 300);
  Choose({.min_graph_rows = 100, .kind = IndexKind::kIvf, .lists = 9});
  ASSERT_OK(collection().Compact());
  EXPECT_EQ(collection().stats().outdated_segments, 0U);
  for (const IndexOptions& other :
       {IndexOptions{.min_graph_rows = 100, .kind = IndexKind::kHnsw},
        {.min_graph_rows = 100, .kind = IndexKind::kFlat},
        {.min_graph_rows = 100, .kind = IndexKind::kIvf},
        {.code = VectorCode::kBfloat16,
         .min_graph_rows = 100,
         .kind = IndexKind::kIvf},
        {.min_graph_rows = 100}}) {
    Choose(other);
    EXPECT_EQ(collection().stats().outdated_segments, 1U);
    EXPECT_EQ(collection().stats().index.kind, other.kind);
    ASSERT_OK(collection().Compact());
    EXPECT_EQ(collection().stats().outdated_segments, 0U);
    ASSERT_OK_AND_ASSIGN(const auto result, collection().Search(Query(0)));
    EXPECT_EQ(result.hits.size(), static_cast<size_t>(kNeighbors));
  }
}

TEST_F(IndexOptionsTest, CompactionBuildsAnewWhatOtherOptionsBuilt) {
  Put(0, 300);
  Choose(SmallGraphs(VectorCode::kFloat32));
  ASSERT_OK(collection().Compact());
  EXPECT_EQ(collection().stats().sealed_segments, 1U);
  EXPECT_EQ(collection().stats().outdated_segments, 0U);
  Choose(SmallGraphs(VectorCode::kInt8));
  EXPECT_EQ(collection().stats().outdated_segments, 1U);
  // A start does not rebuild what is as good as it was.
  Reopen();
  EXPECT_EQ(collection().stats().outdated_segments, 1U);
  ASSERT_OK(collection().Compact());
  EXPECT_EQ(collection().stats().outdated_segments, 0U);
  // A flat segment has no code that could be outdated.
  IndexOptions flat = SmallGraphs(VectorCode::kInt8);
  flat.min_graph_rows = 301;
  Choose(flat);
  EXPECT_EQ(collection().stats().outdated_segments, 1U);
  ASSERT_OK(collection().Compact());
  flat.code = VectorCode::kBfloat16;
  Choose(flat);
  EXPECT_EQ(collection().stats().outdated_segments, 0U);
}

TEST_F(IndexOptionsTest, SegmentsOfDifferentCodesBecomeOne) {
  Choose(SmallGraphs(VectorCode::kFloat32));
  Put(0, 300);
  ASSERT_OK(collection().Compact());
  Choose(SmallGraphs(VectorCode::kInt8));
  Put(300, 600);
  ASSERT_OK(collection().Compact());
  EXPECT_EQ(collection().stats().sealed_segments, 1U);
  Reopen();
  EXPECT_OK(collection().stats().opened);
  for (int id = 0; id < 600; ++id) {
    SearchRequest request;
    request.k = 1;
    request.target = VersionedVector(Space::kSimilar, absl::StrCat(id), 1);
    ASSERT_OK_AND_ASSIGN(const auto result, collection().Search(request));
    ASSERT_EQ(result.hits.size(), 1U);
    EXPECT_EQ(result.hits[0].id, absl::StrCat(id));
    EXPECT_FLOAT_EQ(result.hits[0].similarity, 1);
  }
}

TEST_F(IndexOptionsTest, TheCollectionsRecallHoldsForSearchesThatAskForNone) {
  Put(0, kMany);
  IndexOptions options = SmallGraphs(VectorCode::kFloat32);
  options.recall_target = 0.8F;
  Choose(options);
  ASSERT_OK(collection().Compact());
  const uint64_t few = Examined();
  options.recall_target = 0.999F;
  Choose(options);
  EXPECT_GT(Examined(), few);
}

TEST_F(IndexOptionsTest, AreShownAndSurviveAReopen) {
  const IndexOptions rule = collection().stats().index;
  EXPECT_EQ(rule, SegmentOptions().index_rule());
  Choose({.m = 12, .recall_target = 0.9F});
  Reopen();
  EXPECT_EQ(collection().spec().index,
            (IndexOptions{.m = 12, .recall_target = 0.9F}));
  const IndexOptions now = collection().stats().index;
  EXPECT_EQ(now.m, 12);
  EXPECT_EQ(now.recall_target, 0.9F);
  EXPECT_EQ(now.code, rule.code);
  EXPECT_EQ(now.ef_construction, rule.ef_construction);
  EXPECT_EQ(now.min_graph_rows, rule.min_graph_rows);
}

TEST_F(IndexOptionsTest, AChangeThatIsRefusedChangesNothing) {
  const auto set_m = [this](int m) {
    return opened_.set->UpdateIndexOptions(
        "test", [m](IndexOptions& options) { options.m = m; });
  };
  ASSERT_OK(set_m(16));
  EXPECT_THAT(set_m(1), BlamesField("index.m"));
  EXPECT_EQ(collection().spec().index.m, 16);
  EXPECT_THAT(
      opened_.set->UpdateIndexOptions("other", [](IndexOptions& /*now*/) {}),
      Fails(absl::StatusCode::kNotFound, "other"));
}

TEST_F(IndexOptionsTest, ASampleHasVectorsOfLiveItemsEachAtMostOnce) {
  Put(0, 100);
  ASSERT_OK(collection().Compact());
  Put(100, 200);
  ASSERT_OK(collection().Delete({"3", "150"}));
  const auto rows_of = [](const std::vector<float>& sample) {
    std::multiset<std::vector<float>> rows;
    for (auto at = sample.begin(); at != sample.end();
         at += testing::kSimilarDimensions) {
      rows.emplace(at, at + testing::kSimilarDimensions);
    }
    return rows;
  };
  ASSERT_OK_AND_ASSIGN(const auto everything,
                       collection().SampleVectors(Space::kSimilar, 1000, 1));
  const auto all = rows_of(everything);
  EXPECT_EQ(all.size(), 198U);
  ASSERT_OK_AND_ASSIGN(const auto some,
                       collection().SampleVectors(Space::kSimilar, 50, 1));
  ASSERT_OK_AND_ASSIGN(const auto again,
                       collection().SampleVectors(Space::kSimilar, 50, 1));
  ASSERT_OK_AND_ASSIGN(const auto others,
                       collection().SampleVectors(Space::kSimilar, 50, 2));
  EXPECT_EQ(some, again);
  EXPECT_NE(some, others);
  const auto drawn = rows_of(some);
  EXPECT_EQ(drawn.size(), 50U);
  for (const auto& row : drawn) {
    EXPECT_EQ(drawn.count(row), 1U);
    EXPECT_EQ(all.count(row), 1U);
  }
}

}  // namespace
}  // namespace likeness
