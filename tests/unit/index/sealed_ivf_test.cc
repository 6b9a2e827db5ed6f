// What only an index of lists does; what it has in common with others is in
// sealed_index_test.cc.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/random.h"
#include "engine/index/sealed_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::AllOf;
using ::likeness::testing::BlamesField;
using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::HasCode;
using ::likeness::testing::MeanRecall;
using ::likeness::testing::RowsOf;
using ::likeness::testing::SomeOf;
using ::likeness::testing::TempDir;

constexpr VectorCode kCodes[] = {VectorCode::kFloat32, VectorCode::kInt8,
                                 VectorCode::kFloat16};

class SealedIvfTest : public ::testing::Test {
 protected:
  void Build(const std::vector<float>& vectors, size_t width,
             IndexBuildParams params) {
    params.kind = IndexKind::kIvf;
    ASSERT_OK(BuildIndexFile(RowsOf(vectors, width), params, path_));
    ASSERT_OK_AND_ASSIGN(index_, OpenIndexFile(path_));
  }

  std::vector<IndexSearchResult> Search(const std::vector<float>& queries,
                                        const IndexSearchParams& params,
                                        const Bitmap& allowed) const {
    auto found = index_->Search(queries, params, allowed);
    EXPECT_OK(found);
    return found.ok() ? *std::move(found) : std::vector<IndexSearchResult>();
  }

  std::string Contents() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const TempDir dir_;
  const std::string path_ = dir_.File("index");
  std::unique_ptr<SealedIndex> index_;
};

TEST_F(SealedIvfTest, HasFourTimesTheRootOfItsRowsInListsOrAsManyAsAskedFor) {
  const auto vectors = ClusteredVectors(900, 16, 1);
  Build(vectors, 16, {});
  EXPECT_EQ(index_->lists(), 120U);
  EXPECT_EQ(index_->build_params().kind, IndexKind::kIvf);
  EXPECT_EQ(index_->build_params().lists, 0);
  Build(vectors, 16, {.code = VectorCode::kInt8, .lists = 7});
  EXPECT_EQ(index_->lists(), 7U);
  EXPECT_EQ(index_->build_params().lists, 7);
  EXPECT_EQ(index_->build_params().code, VectorCode::kInt8);
}

TEST_F(SealedIvfTest, AllListsHoldWhatAnExactSearchFinds) {
  constexpr size_t kRows = 3000;
  const auto vectors = ClusteredVectors(kRows, 40, 2);
  const auto queries = ClusteredVectors(30, 40, 2, 2);
  Random random(1);
  for (const VectorCode code : kCodes) {
    SCOPED_TRACE(VectorCodeName(code));
    Build(vectors, 40, {.code = code, .lists = 50});
    for (const double share : {1.0, 0.8, 0.4}) {
      const Bitmap allowed = SomeOf(kRows, share, random);
      for (const int k : {1, 10, 100}) {
        const auto all = Search(queries, {.k = k, .nprobe = 50}, allowed);
        const auto exact = Search(queries, {.k = k, .exact = true}, allowed);
        for (size_t q = 0; q < exact.size(); ++q) {
          EXPECT_EQ(all[q].neighbors, exact[q].neighbors);
          EXPECT_LE(all[q].candidates_examined, allowed.Count());
        }
      }
    }
    // More than there are is all there are.
    const auto all = Search(queries, {.nprobe = kMaxNprobe}, AllOf(kRows));
    const auto exact = Search(queries, {.exact = true}, AllOf(kRows));
    EXPECT_EQ(MeanRecall(all, exact), 1);
  }
}

TEST_F(SealedIvfTest, AMeasuredNprobeReachesItsTargetOnOtherQueries) {
  constexpr size_t kRows = 8000;
  const auto vectors = ClusteredVectors(kRows, 32, 3);
  const auto queries = ClusteredVectors(400, 32, 3, 2);
  for (const VectorCode code : kCodes) {
    SCOPED_TRACE(VectorCodeName(code));
    Build(vectors, 32, {.code = code});
    const auto exact = Search(queries, {.exact = true}, AllOf(kRows));
    uint64_t examined_before = 0;
    for (const float target : {0.8F, 0.95F, 0.99F}) {
      const auto found =
          Search(queries, {.recall_target = target}, AllOf(kRows));
      EXPECT_GE(MeanRecall(found, exact), target - 0.01);
      uint64_t examined = 0;
      for (const auto& result : found) examined += result.candidates_examined;
      EXPECT_GT(examined, examined_before);
      EXPECT_LT(examined, queries.size() / 32 * kRows / 4);
      examined_before = examined;
    }
  }
}

// Each answer is whole: k rows, or all that are allowed and near enough.
TEST_F(SealedIvfTest, AFewListsWithFewRowsAreNotTheEndOfASearch) {
  constexpr size_t kRows = 2000;
  const auto vectors = ClusteredVectors(kRows, 24, 4);
  const auto queries = ClusteredVectors(20, 24, 4, 2);
  Build(vectors, 24, {.code = VectorCode::kInt8, .lists = 500});
  Random random(2);
  for (const double share : {1.0, 0.5, 0.05}) {
    const Bitmap allowed = SomeOf(kRows, share, random);
    for (const int k : {10, 60}) {
      for (const auto& result :
           Search(queries, {.k = k, .nprobe = 1}, allowed)) {
        EXPECT_EQ(result.neighbors.size(), static_cast<size_t>(k));
      }
    }
  }
}

TEST_F(SealedIvfTest, ThousandsOfEqualVectorsHideNothing) {
  constexpr size_t kWidth = 24;
  constexpr size_t kRows = 5000;
  std::vector<float> vectors = ClusteredVectors(kRows, kWidth, 5);
  // Two vectors fill more than half of the rows.
  for (size_t i = 0; i < kRows; ++i) {
    if (i % 3 == 2 || i < 2) continue;
    std::copy_n(&vectors[i % 3 * kWidth], kWidth, &vectors[i * kWidth]);
  }
  std::vector<float> queries = ClusteredVectors(40, kWidth, 5, 2);
  std::copy_n(vectors.begin(), 2 * kWidth, queries.begin());
  Random random(9);
  for (const VectorCode code : kCodes) {
    SCOPED_TRACE(VectorCodeName(code));
    Build(vectors, kWidth, {.code = code});
    for (const double share : {1.0, 0.6, 0.02}) {
      const Bitmap allowed = SomeOf(kRows, share, random);
      const auto found = Search(queries, {.k = 30}, allowed);
      const auto exact = Search(queries, {.k = 30, .exact = true}, allowed);
      EXPECT_GE(MeanRecall(found, exact), 0.98) << share;
      // Equal vectors: the first ordinals, as an exact search gives them.
      EXPECT_EQ(found[0].neighbors, exact[0].neighbors) << share;
      EXPECT_EQ(found[1].neighbors, exact[1].neighbors) << share;
    }
  }
}

TEST_F(SealedIvfTest, ListsMayBeEmptyAndOutnumberTheRows) {
  for (const size_t rows : {1U, 2U, 5U, 70U}) {
    const auto vectors = ClusteredVectors(rows, 8, 6);
    for (const int lists : {0, 1, 64, 5000}) {
      SCOPED_TRACE(absl::StrCat(rows, " rows, ", lists, " lists"));
      Build(vectors, 8, {.code = VectorCode::kInt8, .lists = lists});
      EXPECT_GE(index_->lists(), 1U);
      EXPECT_LE(index_->lists(), rows);
      for (const int nprobe : {0, 1, 5000}) {
        const auto found =
            Search(vectors, {.k = 1, .nprobe = nprobe}, AllOf(rows));
        for (size_t i = 0; i < rows; ++i) {
          ASSERT_EQ(found[i].neighbors.size(), 1U);
          EXPECT_EQ(found[i].neighbors[0].ordinal, i);
        }
      }
    }
  }
}

// All but one of the rows are alike, so that most lists stay empty.
TEST_F(SealedIvfTest, RowsThatAreAllTheSameAreOneEntry) {
  std::vector<float> vectors(100 * 8, 0.0F);
  for (size_t i = 0; i < 100; ++i) vectors[i * 8 + (i == 50 ? 1 : 0)] = 1;
  Build(vectors, 8, {.code = VectorCode::kInt8, .lists = 10});
  EXPECT_EQ(index_->lists(), 2U);
  const std::vector<float> query(&vectors[50 * 8], &vectors[51 * 8]);
  const auto found = Search(query, {.k = 3, .nprobe = 1}, AllOf(100));
  ASSERT_EQ(found[0].neighbors.size(), 3U);
  EXPECT_EQ(found[0].neighbors[0], (Neighbor{50, 1.0F}));
  EXPECT_EQ(found[0].neighbors[1], (Neighbor{0, 0.0F}));
  EXPECT_EQ(found[0].neighbors[2], (Neighbor{1, 0.0F}));
}

TEST_F(SealedIvfTest, TheSameRowsMakeTheSameFileWhateverTheThreads) {
  const auto vectors = ClusteredVectors(2000, 20, 7);
  Build(vectors, 20, {.code = VectorCode::kInt8, .threads = 1});
  const std::string one = Contents();
  Build(vectors, 20, {.code = VectorCode::kInt8, .threads = 3});
  EXPECT_EQ(Contents(), one);
}

TEST_F(SealedIvfTest, ABuildTakesAboutTheStepsThatWereSaid) {
  constexpr size_t kRows = 5000;
  const auto vectors = ClusteredVectors(kRows, 16, 9);
  for (const IndexBuildParams& params :
       {IndexBuildParams{.kind = IndexKind::kIvf},
        IndexBuildParams{.kind = IndexKind::kIvf, .lists = 20},
        IndexBuildParams{.kind = IndexKind::kHnsw, .m = 8}}) {
    size_t steps = 0;
    ASSERT_OK(BuildIndexFile(RowsOf(vectors, 16), params, path_, [&] {
      ++steps;
      return true;
    }));
    // More for what is done beside it: rows read, 200 queries tuned with.
    const size_t said = BuildSteps(params, kRows);
    EXPECT_GE(steps, said) << IndexKindName(params.kind);
    EXPECT_LE(steps, said + said / 10 + 10 * 200) << IndexKindName(params.kind);
  }
}

TEST_F(SealedIvfTest, CancellingLeavesNothing) {
  const auto vectors = ClusteredVectors(2000, 16, 8);
  for (const size_t last :
       {size_t{0}, size_t{700}, size_t{20'000}, size_t{22'100}}) {
    std::atomic<size_t> steps = 0;
    EXPECT_THAT(BuildIndexFile(RowsOf(vectors, 16),
                               {.kind = IndexKind::kIvf, .threads = 2}, path_,
                               [&] { return steps++ < last; }),
                HasCode(absl::StatusCode::kCancelled));
    EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
  }
}

TEST_F(SealedIvfTest, RefusesANumberOfListsThatIsOutOfRange) {
  const std::vector<float> vectors(16);
  for (const int lists : {-1, kMaxIvfLists + 1}) {
    EXPECT_THAT(
        BuildIndexFile(RowsOf(vectors, 4),
                       {.kind = IndexKind::kIvf, .lists = lists}, path_),
        BlamesField("lists"));
  }
}

}  // namespace
}  // namespace likeness
