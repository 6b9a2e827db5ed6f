// Building sealed indexes: sizes, equal vectors, limits, cancelling.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/index/flat_index.h"
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

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(SealedBuildTest, AnyNumberOfRowsAndDimensions) {
  for (const size_t rows : {1U, 2U, 3U, 65U, 500U}) {
    for (const size_t width : {1U, 17U, 64U}) {
      for (const VectorCode code :
           {VectorCode::kFloat32, VectorCode::kInt8, VectorCode::kBfloat16,
            VectorCode::kFloat16}) {
        const TempDir dir;
        const std::string path = dir.path() + "/index";
        const std::vector<float> vectors = ClusteredVectors(rows, width, 2);
        ASSERT_OK(BuildIndexFile(RowsOf(vectors, width), {.code = code, .m = 8},
                                 path));
        ASSERT_OK_AND_ASSIGN(const auto index, OpenIndexFile(path));
        const auto queries = ClusteredVectors(20, width, 2, 2);
        ASSERT_OK_AND_ASSIGN(auto flat, MakeFlatIndex(static_cast<int>(width)));
        ASSERT_OK(flat->Add(vectors));
        const IndexSearchParams params = {.k = 5, .ef_search = 100};
        ASSERT_OK_AND_ASSIGN(const auto found,
                             index->Search(queries, params, AllOf(rows)));
        ASSERT_OK_AND_ASSIGN(const auto exact,
                             flat->Search(queries, params, AllOf(rows)));
        EXPECT_GE(MeanRecall(found, exact), 0.95)
            << rows << " x " << width << " " << VectorCodeName(code);
      }
    }
  }
}

TEST(SealedBuildTest, ThousandsOfEqualVectorsHideNothing) {
  constexpr size_t kWidth = 24;
  constexpr size_t kRows = 5000;
  std::vector<float> vectors = ClusteredVectors(kRows, kWidth, 4);
  // Two vectors fill more than half of the rows.
  for (size_t i = 0; i < kRows; ++i) {
    if (i % 3 == 2 || i < 2) continue;
    std::copy_n(&vectors[i % 3 * kWidth], kWidth, &vectors[i * kWidth]);
  }
  const TempDir dir;
  const std::string path = dir.path() + "/index";
  ASSERT_OK(BuildIndexFile(RowsOf(vectors, kWidth), {}, path));
  ASSERT_OK_AND_ASSIGN(const auto index, OpenIndexFile(path));
  ASSERT_OK_AND_ASSIGN(auto flat, MakeFlatIndex(kWidth));
  ASSERT_OK(flat->Add(vectors));
  std::vector<float> queries = ClusteredVectors(40, kWidth, 4, 2);
  std::copy_n(vectors.begin(), 2 * kWidth, queries.begin());
  Random random(9);
  for (const double share : {1.0, 0.6, 0.02}) {
    const Bitmap allowed = SomeOf(kRows, share, random);
    const IndexSearchParams params = {.k = 30, .ef_search = 60};
    ASSERT_OK_AND_ASSIGN(const auto found,
                         index->Search(queries, params, allowed));
    ASSERT_OK_AND_ASSIGN(const auto exact,
                         flat->Search(queries, params, allowed));
    EXPECT_GE(MeanRecall(found, exact), 0.99) << share;
    // Equal vectors: the first ordinals, as an exact search gives them.
    EXPECT_EQ(found[0].neighbors, exact[0].neighbors) << share;
    EXPECT_EQ(found[1].neighbors, exact[1].neighbors) << share;
  }
}

TEST(SealedBuildTest, OneThreadMakesTheSameFileEveryTime) {
  const std::vector<float> vectors = ClusteredVectors(900, 16, 6);
  const TempDir dir;
  for (const char* name : {"/a", "/b"}) {
    ASSERT_OK(BuildIndexFile(RowsOf(vectors, 16), {.m = 8}, dir.path() + name));
  }
  EXPECT_EQ(Contents(dir.path() + "/a"), Contents(dir.path() + "/b"));
}

TEST(SealedBuildTest, ThreadsShareTheWork) {
  constexpr size_t kRows = 4000;
  const std::vector<float> vectors = ClusteredVectors(kRows, 32, 7);
  const TempDir dir;
  const std::string path = dir.path() + "/index";
  std::atomic<size_t> steps = 0;
  ASSERT_OK(BuildIndexFile(RowsOf(vectors, 32), {.threads = 3}, path, [&] {
    ++steps;
    return true;
  }));
  EXPECT_GE(steps, kRows);
  ASSERT_OK_AND_ASSIGN(const auto index, OpenIndexFile(path));
  const auto queries = ClusteredVectors(50, 32, 7, 2);
  // Threads make another graph every time: a wide walk leaves no room for luck.
  ASSERT_OK_AND_ASSIGN(
      const auto found,
      index->Search(queries, {.ef_search = 256}, AllOf(kRows)));
  ASSERT_OK_AND_ASSIGN(const auto exact,
                       index->Search(queries, {.exact = true}, AllOf(kRows)));
  EXPECT_GE(MeanRecall(found, exact), 0.99);
}

TEST(SealedBuildTest, CancellingLeavesNothing) {
  const std::vector<float> vectors = ClusteredVectors(2000, 16, 8);
  for (const size_t last : {size_t{0}, size_t{700}, size_t{2100}}) {
    const TempDir dir;
    std::atomic<size_t> steps = 0;
    EXPECT_THAT(
        BuildIndexFile(RowsOf(vectors, 16), {.threads = 2},
                       dir.path() + "/index", [&] { return steps++ < last; }),
        HasCode(absl::StatusCode::kCancelled));
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  }
}

TEST(SealedBuildTest, ErrorsOfTheRowsComeThrough) {
  const TempDir dir;
  const IndexRows rows = {10, 4, [](size_t, absl::Span<float>) {
                            return absl::UnavailableError("no store");
                          }};
  EXPECT_THAT(BuildIndexFile(rows, {}, dir.path() + "/index"),
              HasCode(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(SealedBuildTest, RefusesWhatIsOutOfRange) {
  const TempDir dir;
  const std::string path = dir.path() + "/index";
  const std::vector<float> vectors(16);
  const IndexRows rows = RowsOf(vectors, 4);
  EXPECT_THAT(BuildIndexFile(rows, {.m = 1}, path), BlamesField("m"));
  EXPECT_THAT(BuildIndexFile(rows, {.m = 129}, path), BlamesField("m"));
  EXPECT_THAT(BuildIndexFile(rows, {.ef_construction = 0}, path),
              BlamesField("ef_construction"));
  EXPECT_THAT(BuildIndexFile(rows, {.threads = 0}, path),
              BlamesField("threads"));
  EXPECT_THAT(
      BuildIndexFile(
          rows, {.kind = IndexKind::kFlat, .code = VectorCode::kInt8}, path),
      BlamesField("code"));
  EXPECT_THAT(BuildIndexFile(rows, {.code = static_cast<VectorCode>(4)}, path),
              BlamesField("code"));
  EXPECT_THAT(BuildIndexFile({0, 4, nullptr}, {}, path), BlamesField("count"));
  EXPECT_THAT(BuildIndexFile({1, 0, nullptr}, {}, path),
              BlamesField("dimensions"));
}

}  // namespace
}  // namespace likeness
