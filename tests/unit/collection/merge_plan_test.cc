#include "engine/collection/merge_plan.h"

#include <cmath>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace likeness {
namespace {

constexpr SegmentSize Sealed(size_t rows, size_t live) {
  return {rows, live, true};
}
constexpr SegmentSize Frozen(size_t rows, size_t live) {
  return {rows, live, false};
}

TEST(MergePlanTest, NothingToDo) {
  EXPECT_EQ(PlanMerge({}, {}), std::nullopt);
  EXPECT_EQ(PlanMerge({Sealed(800, 800), Sealed(100, 100)}, {}), std::nullopt);
}

TEST(MergePlanTest, FrozenSegmentsTakeSealedOnesAlongThatAreNotTwiceAsLarge) {
  EXPECT_EQ(PlanMerge({Frozen(100, 100)}, {}), (SegmentRange{0, 1}));
  EXPECT_EQ(
      PlanMerge({Sealed(800, 800), Frozen(100, 100), Frozen(100, 90)}, {}),
      (SegmentRange{1, 2}));
  // 100 with 150, then 499 with 250; 1498 not with 749.
  EXPECT_EQ(PlanMerge({Sealed(1498, 1498), Sealed(499, 499), Sealed(100, 100),
                       Frozen(150, 150)},
                      {}),
            (SegmentRange{1, 3}));
}

TEST(MergePlanTest, CountsLiveRowsOnly) {
  EXPECT_EQ(PlanMerge({Sealed(800, 90), Frozen(100, 100)}, {}),
            (SegmentRange{0, 2}));
}

TEST(MergePlanTest, StopsAtTheLargestSegment) {
  SegmentOptions options;
  options.max_segment_rows = 250;
  EXPECT_EQ(PlanMerge({Sealed(100, 100), Frozen(100, 100), Frozen(100, 100),
                       Frozen(100, 100)},
                      options),
            (SegmentRange{1, 2}));
  // Larger than the limit already: alone.
  EXPECT_EQ(PlanMerge({Frozen(300, 300), Frozen(100, 100)}, options),
            (SegmentRange{0, 1}));
}

TEST(MergePlanTest, BuildsAnewWhatHasDied) {
  SegmentOptions options;
  options.max_dead_share = 0.3;
  EXPECT_EQ(PlanMerge({Sealed(1000, 700), Sealed(100, 69)}, options),
            (SegmentRange{1, 1}));
  EXPECT_EQ(PlanMerge({Sealed(1000, 700), Sealed(100, 70)}, options),
            std::nullopt);
  EXPECT_EQ(PlanMerge({Sealed(1000, 0)}, options), (SegmentRange{0, 1}));
}

// What the comment of PlanMerge promises, for writers as fast as the builder
// and faster.
TEST(MergePlanTest, SegmentsAndRebuildsGrowWithTheLogarithm) {
  constexpr size_t kGrowing = 100;
  constexpr size_t kBatches = 3000;
  std::mt19937_64 random(17);
  for (const size_t most_frozen : {1, 4}) {
    std::vector<SegmentSize> sizes;
    size_t built = 0;
    size_t most_segments = 0;
    for (size_t batch = 0; batch < kBatches;) {
      const size_t frozen = 1 + random() % most_frozen;
      for (size_t i = 0; i < frozen; ++i) {
        sizes.push_back(Frozen(kGrowing, kGrowing));
      }
      batch += frozen;
      while (const auto range = PlanMerge(sizes, {})) {
        size_t live = 0;
        for (size_t i = 0; i < range->count; ++i) {
          live += sizes[range->first + i].live;
        }
        built += live;
        const auto at =
            sizes.begin() + static_cast<std::ptrdiff_t>(range->first);
        *at = Sealed(live, live);
        sizes.erase(at + 1, at + static_cast<std::ptrdiff_t>(range->count));
      }
      most_segments = std::max(most_segments, sizes.size());
      for (size_t i = 1; i < sizes.size(); ++i) {
        ASSERT_GE(sizes[i - 1].live, 2 * sizes[i].live);
      }
    }
    const double doublings = std::log2(kBatches);
    EXPECT_LE(static_cast<double>(most_segments), doublings + 1);
    EXPECT_LE(static_cast<double>(built) / (kBatches * kGrowing),
              doublings / std::log2(1.5) + 1);
  }
}

}  // namespace
}  // namespace likeness
