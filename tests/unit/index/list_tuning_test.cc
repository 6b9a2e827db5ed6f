#include "engine/index/list_tuning.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/index/flat_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;

TEST(ListTuningTest, InterpolatesBetweenNumbersOfNeighbors) {
  ASSERT_OK_AND_ASSIGN(
      const auto tuning,
      ListTuning::Make({{10, 0.9F, 4}, {10, 0.99F, 8}, {1000, 0.9F, 400}},
                       500));
  // Always a quarter more than was measured.
  EXPECT_EQ(tuning.NprobeFor(0.5F, 10), 5U);
  EXPECT_EQ(tuning.NprobeFor(0.9F, 1), 5U);
  EXPECT_EQ(tuning.NprobeFor(0.95F, 10), 10U);
  EXPECT_EQ(tuning.NprobeFor(0.9F, 100), 50U) << "the geometric mean";
  EXPECT_EQ(tuning.NprobeFor(0.9F, 1000), 500U);
  EXPECT_EQ(tuning.NprobeFor(0.9F, 1001), 500U) << "not measured: all";
  EXPECT_EQ(tuning.NprobeFor(0.95F, 11), 500U);
  EXPECT_EQ(tuning.NprobeFor(0.999F, 10), 500U);
  EXPECT_EQ(ListTuning().NprobeFor(0.9F, 10), 1U) << "there is no more";
}

TEST(ListTuningTest, RefusesWhatIsNoTable) {
  for (const std::vector<ListPoint>& points :
       {std::vector<ListPoint>{{10, 0.9F, 2}, {10, 0.8F, 3}},
        {{10, 0.9F, 2}, {10, 0.9F, 3}},
        {{100, 0.8F, 2}, {10, 0.9F, 3}},
        {{0, 0.9F, 2}},
        {{10, 0.0F, 2}},
        {{10, 1.1F, 2}},
        {{10, std::nanf(""), 2}},
        {{10, 0.9F, 0}},
        {{10, 0.9F, 501}}}) {
    EXPECT_THAT(ListTuning::Make(points, 500),
                HasCode(absl::StatusCode::kDataLoss));
  }
}

// Forty directions of the plane, ten rows in each: a list each.
class TuneListsTest : public ::testing::Test {
 protected:
  static constexpr size_t kLists = 40;
  static constexpr size_t kRows = 400;

  void SetUp() override {
    std::vector<float> rows;
    std::vector<float> centroids;
    for (size_t i = 0; i < kRows; ++i) {
      const double turn = static_cast<double>(i / 10) / kLists +
                          1e-4 * static_cast<double>(i % 10);
      Add(turn, rows);
      if (i % 10 == 5) Add(turn, centroids);
      list_of_.push_back(static_cast<uint32_t>(i / 10));
    }
    ASSERT_OK_AND_ASSIGN(flat_, MakeFlatIndex(2));
    ASSERT_OK(flat_->Add(rows));
    codes_ = IvfCentroids::CodesOf(centroids, 2);
    queries_.assign(rows.begin() + 10, rows.begin() + 14);
  }

  static void Add(double turn, std::vector<float>& to) {
    to.push_back(static_cast<float>(std::cos(2 * M_PI * turn)));
    to.push_back(static_cast<float>(std::sin(2 * M_PI * turn)));
  }

  absl::StatusOr<ListTuning> Tune(const std::function<bool()>& pace) const {
    return TuneLists({.index = *flat_,
                      .centroids = IvfCentroids(codes_, 2),
                      .list_of = list_of_,
                      .queries = queries_,
                      .pace = pace});
  }

  std::vector<int8_t> codes_;
  std::vector<uint32_t> list_of_;
  std::vector<float> queries_;  // Two, of list 0.
  std::unique_ptr<GrowingIndex> flat_;
};

TEST_F(TuneListsTest, CountsTheListsThatTheNeighborsAreIn) {
  ASSERT_OK_AND_ASSIGN(const ListTuning tuning, Tune(nullptr));
  // 400 rows: of ten neighbours only, all of which are in the query's list.
  ASSERT_FALSE(tuning.points().empty());
  for (const ListPoint& point : tuning.points()) {
    EXPECT_EQ(point.neighbors, 10U);
    EXPECT_EQ(point.nprobe, 1U);
  }
  EXPECT_EQ(tuning.points().back().recall, 0.999F);
}

TEST_F(TuneListsTest, CanBeCancelled) {
  EXPECT_THAT(Tune([] { return false; }),
              HasCode(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace likeness
