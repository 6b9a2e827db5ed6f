// What an index of lists is made of.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/index/index_file_job.h"
#include "engine/index/ivf_build.h"
#include "engine/index/ivf_centroids.h"
#include "engine/index/ivf_lists.h"
#include "engine/index/twins.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::HasCode;

TEST(IvfListsTest, ShowsTheRowsOfEachList) {
  // Three lists: rows 4 and 0, none, row 2.
  const std::vector<uint32_t> numbers = {3, 2, 0, 1, 4, 0, 2};
  ASSERT_OK_AND_ASSIGN(const IvfLists lists, IvfLists::View(5, numbers));
  EXPECT_EQ(lists.count(), 3U);
  EXPECT_EQ(lists.size(), 3U);
  EXPECT_EQ(lists.begin(0), 0U);
  EXPECT_EQ(lists.end(0), 2U);
  EXPECT_EQ(lists.begin(1), lists.end(1));
  EXPECT_EQ(lists.end(2), 3U);
  EXPECT_EQ(lists.RowOf(0), 4U);
  EXPECT_EQ(lists.RowOf(2), 2U);
}

TEST(IvfListsTest, RefusesNumbersThatPointNowhere) {
  for (const std::vector<uint32_t>& numbers : {std::vector<uint32_t>{},
                                               {0},
                                               {2, 1},
                                               {1, 2, 0},
                                               {1, 1, 0, 1},
                                               {1, 1, 5},
                                               {1, 6, 0, 1, 2, 3, 4, 0},
                                               {2, 0xffffffff, 1},
                                               {0xffffffff, 1, 0}}) {
    EXPECT_THAT(IvfLists::View(5, numbers),
                HasCode(absl::StatusCode::kDataLoss));
  }
}

TEST(IvfCentroidsTest, FindTheOneThatIsMostAlike) {
  const std::vector<float> floats = {1, 0, 0, 1, -1, 0};
  const auto codes = IvfCentroids::CodesOf(floats, 2);
  const IvfCentroids centroids(codes, 2);
  ASSERT_EQ(centroids.count(), 3U);
  std::vector<float> likeness(3);
  const std::vector<float> vectors = {0.9F, 0.1F, -0.2F, 0.4F, -3, 1};
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(centroids.Nearest(&vectors[2 * i], absl::MakeSpan(likeness)), i);
  }
  const std::vector<float> zero = {0, 0};
  EXPECT_EQ(centroids.Nearest(zero.data(), absl::MakeSpan(likeness)), 0U);
}

TEST(ListsForTest, IsFourTimesTheRoot) {
  EXPECT_EQ(ListsFor(1), 1U);
  EXPECT_EQ(ListsFor(10), 10U) << "not more than rows";
  EXPECT_EQ(ListsFor(10'000), 400U);
  EXPECT_EQ(ListsFor(4'194'304), 8192U);
}

TEST(BuildIvfTest, PutsEachRowOnceIntoTheListOfItsCentroid) {
  constexpr size_t kRows = 1500;
  constexpr size_t kWidth = 12;
  const auto vectors = ClusteredVectors(kRows, kWidth, 1);
  Bitmap left_out;
  left_out.Grow(kRows, false);
  left_out.Set(7);
  left_out.Set(1499);
  ASSERT_OK_AND_ASSIGN(const IvfArrays arrays, BuildIvf({.rows = vectors.data(),
                                                         .count = kRows,
                                                         .dimensions = kWidth,
                                                         .lists = 40,
                                                         .left_out = &left_out,
                                                         .pace = nullptr}));
  ASSERT_EQ(arrays.sizes.size(), 40U);
  const IvfCentroids centroids(arrays.centroids, kWidth);
  std::vector<float> likeness(40);
  std::vector<uint32_t> seen;
  size_t at = 0;
  size_t used = 0;
  for (uint32_t list = 0; list < 40; ++list) {
    if (arrays.sizes[list] > 0) ++used;
    for (uint32_t i = 0; i < arrays.sizes[list]; ++i, ++at) {
      const uint32_t row = arrays.rows[at];
      EXPECT_EQ(
          centroids.Nearest(&vectors[row * kWidth], absl::MakeSpan(likeness)),
          list);
      if (i > 0) {
        EXPECT_LT(arrays.rows[at - 1], row);
      }
      seen.push_back(row);
    }
  }
  EXPECT_EQ(at, arrays.rows.size());
  EXPECT_GE(used, 30U) << "k-means leaves few lists empty";
  std::sort(seen.begin(), seen.end());
  std::vector<uint32_t> expected;
  for (uint32_t row = 0; row < kRows; ++row) {
    if (!left_out.Test(row)) expected.push_back(row);
  }
  EXPECT_EQ(seen, expected);
}

// Who stops a build must not wait until rows that are larger than memory were
// read to the end.
TEST(IndexFileJobTest, EveryWayThroughTheRowsCanBeCancelled) {
  constexpr size_t kRows = 10'000;
  constexpr size_t kWidth = 2;
  const auto vectors = ClusteredVectors(kRows, kWidth, 1);
  for (const VectorCode code :
       {VectorCode::kInt8, VectorCode::kBfloat16, VectorCode::kFloat16}) {
    SCOPED_TRACE(VectorCodeName(code));
    size_t steps = 0;
    size_t last = SIZE_MAX;
    const BuildPace pace = [&] { return steps++ < last; };
    const IndexBuildParams params{.code = code};
    const auto encode = [&] {
      IndexFileJob job({.count = kRows, .dimensions = kWidth, .read = nullptr},
                       params, pace);
      auto rows = MemoryRegion::Allocate(kRows * kWidth * sizeof(float));
      EXPECT_OK(rows);
      job.rows = *std::move(rows);
      std::copy(vectors.begin(), vectors.end(),
                reinterpret_cast<float*>(job.rows.data()));
      return EncodeRows(job, kRows, {}).status();
    };
    EXPECT_OK(encode());
    // For 8 bits the step is found first.
    const size_t all = steps;
    EXPECT_EQ(all, code == VectorCode::kInt8 ? 6U : 3U);
    for (last = 0; last < all; ++last) {
      steps = 0;
      EXPECT_THAT(encode(), HasCode(absl::StatusCode::kCancelled));
      EXPECT_EQ(steps, last + 1);
    }
  }
  size_t steps = 0;
  EXPECT_THAT(Twins::Find(vectors.data(), kRows, kWidth,
                          [&steps] { return steps++ < 2; }),
              HasCode(absl::StatusCode::kCancelled));
  EXPECT_OK(Twins::Find(vectors.data(), kRows, kWidth, nullptr));
}

}  // namespace
}  // namespace likeness
