#include "engine/index/list_tuning.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "engine/index/flat_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;

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

  absl::StatusOr<ReachTable> Tune(const std::function<bool()>& pace) const {
    return TuneLists({.index = *flat_,
                      .queries = queries_,
                      .left_out = Bitmap(),
                      .pace = pace},
                     IvfCentroids(codes_, 2), list_of_);
  }

  std::vector<int8_t> codes_;
  std::vector<uint32_t> list_of_;
  std::vector<float> queries_;  // Two, of list 0.
  std::unique_ptr<GrowingIndex> flat_;
};

TEST_F(TuneListsTest, CountsTheListsThatTheNeighborsAreIn) {
  ASSERT_OK_AND_ASSIGN(const ReachTable tuning, Tune(nullptr));
  // 400 rows: of up to 40 neighbours. Ten are in the query's list, as many in
  // each beside it.
  ASSERT_FALSE(tuning.points().empty());
  std::map<uint32_t, uint32_t> lists_for;
  for (const ReachPoint& point : tuning.points()) {
    EXPECT_LE(point.neighbors, 40U);
    if (point.recall == 0.999F) lists_for[point.neighbors] = point.effort;
  }
  EXPECT_EQ(lists_for[10], 1U);
  EXPECT_GE(lists_for[20], 2U);
  EXPECT_GE(lists_for[40], 4U);
}

// Says whether rows are read more than once.
class ReadInOrder final : public VectorIndex {
 public:
  explicit ReadInOrder(const VectorIndex& index) : index_(index) {}

  int dimensions() const override { return index_.dimensions(); }
  size_t size() const override { return index_.size(); }
  absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> /*queries*/, const IndexSearchParams& /*params*/,
      const Bitmap& /*allowed*/) const override {
    return absl::UnimplementedError("a search goes through all rows");
  }
  bool ScoresAll(const IndexSearchParams& /*params*/,
                 const Bitmap& /*allowed*/) const override {
    return true;
  }
  void Score(absl::Span<const float> query, const Bitmap& allowed,
             const ScoreVisitor& visit) const override {
    size_t first = allowed.size();
    index_.Score(query, allowed,
                 [&](absl::Span<const size_t> ordinals,
                     absl::Span<const float> similarities) {
                   if (!ordinals.empty()) {
                     first = std::min(first, ordinals.front());
                   }
                   scored_ += ordinals.size();
                   visit(ordinals, similarities);
                 });
    in_order_ = in_order_ && first >= last_first_;
    last_first_ = first;
  }
  void Reconstruct(size_t ordinal, absl::Span<float> out) const override {
    index_.Reconstruct(ordinal, out);
  }
  IndexMemory memory() const override { return index_.memory(); }

  bool in_order() const { return in_order_; }
  size_t scored() const { return scored_; }

 private:
  const VectorIndex& index_;
  mutable size_t last_first_ = 0;
  mutable size_t scored_ = 0;
  mutable bool in_order_ = true;
};

// A segment of lists may be larger than memory.
TEST_F(TuneListsTest, ReadsTheRowsOnceForAllQueries) {
  constexpr size_t kMany = 150'000;
  std::vector<float> rows;
  std::vector<uint32_t> list_of;
  for (size_t i = 0; i < kMany; ++i) {
    const size_t list = i * kLists / kMany;
    // Within a tenth of the way to the next list's, whose centroids lie
    // between.
    Add((static_cast<double>(list) +
         0.1 * static_cast<double>(i % 1000) / 1000) /
            kLists,
        rows);
    list_of.push_back(static_cast<uint32_t>(list));
  }
  ASSERT_OK_AND_ASSIGN(const auto flat, MakeFlatIndex(2));
  ASSERT_OK(flat->Add(rows));
  const ReadInOrder index(*flat);
  std::vector<float> queries;
  for (const double list : {1, 20, 39}) Add((list + 0.05) / kLists, queries);
  ASSERT_OK_AND_ASSIGN(const ReachTable tuning,
                       TuneLists({.index = index,
                                  .queries = queries,
                                  .left_out = Bitmap(),
                                  .pace = nullptr},
                                 IvfCentroids(codes_, 2), list_of));
  EXPECT_TRUE(index.in_order());
  EXPECT_EQ(index.scored(), 3 * kMany);
  // 3,750 rows are in a list: 10,240 neighbours in the nearest three.
  const auto nprobe = [&](uint32_t neighbors) {
    for (const ReachPoint& point : tuning.points()) {
      if (point.neighbors == neighbors && point.recall == 0.999F) {
        return point.effort;
      }
    }
    return uint32_t{0};
  };
  EXPECT_EQ(nprobe(10), 1U);
  EXPECT_EQ(nprobe(1280), 1U);
  EXPECT_EQ(nprobe(10'240), 3U);
}

TEST_F(TuneListsTest, CanBeCancelled) {
  EXPECT_THAT(Tune([] { return false; }),
              HasCode(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace likeness
