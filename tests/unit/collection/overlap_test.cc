#include "engine/collection/overlap.h"

#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "engine/collection/collection_set.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::HasCode;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;

constexpr char kPlaneModel[] = "new";

// Items in the plane, by their angles in degrees.
using Angles = std::map<std::string, double>;

std::vector<float> At(double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  return {static_cast<float>(std::cos(angle)),
          static_cast<float>(std::sin(angle))};
}

TEST(OverlapTest, IsTheShareOfResultsThatBothHave) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto set, CollectionSet::Open(dir.path(), true));
  PerSpace<int> plane;
  plane[Space::kSimilar] = 2;
  CollectionSpec spec = TestSpec();
  spec.dimensions = plane;
  ASSERT_OK(set->Create(spec));
  ASSERT_OK(set->BeginModelChange("test", kPlaneModel, plane));
  ASSERT_OK_AND_ASSIGN(const Generations both, set->GetGenerations("test"));
  for (const auto& [id, degrees] : Angles{{"a", 0}, {"b", 10}, {"c", 25}}) {
    Mutation put;
    put.item.id = id;
    put.vectors[Space::kSimilar] = At(degrees);
    ASSERT_OK(both.current->Upsert({put}));
  }
  ASSERT_OK_AND_ASSIGN(auto operations, both.current->ListOperations(0, 10));
  Angles after = {{"a", 0}, {"b", 10}, {"c", -5}};
  for (Operation& put : operations) {
    put.vectors[Space::kSimilar] = At(after[put.item.id]);
    put.item.model_id = kPlaneModel;
  }
  ASSERT_OK(both.other->Follow(std::move(operations)));
  // The nearest of a, b, c was b, a, b and is c, a, a.
  OverlapOptions options;
  options.k = 1;
  options.worst = 2;
  ASSERT_OK_AND_ASSIGN(const auto one,
                       MeasureOverlap(*both.current, *both.other, options));
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].queries, 3U);
  EXPECT_NEAR(one[0].mean, 1.0 / 3, 1e-9);
  EXPECT_NEAR(one[0].same_first, 1.0 / 3, 1e-9);
  EXPECT_EQ(one[0].lowest_tenth, 0);
  ASSERT_EQ(one[0].worst.size(), 2U);
  EXPECT_EQ(one[0].worst[0].id, "a");
  EXPECT_EQ(one[0].worst[0].before, std::vector<std::string>{"b"});
  EXPECT_EQ(one[0].worst[0].after, std::vector<std::string>{"c"});
  EXPECT_EQ(one[0].worst[1].id, "c");
  // Two results of each are the two others, in whatever order.
  options.k = 2;
  ASSERT_OK_AND_ASSIGN(const auto two,
                       MeasureOverlap(*both.current, *both.other, options));
  EXPECT_NEAR(two[0].mean, 1, 1e-9);
  options.sample = 1;
  ASSERT_OK_AND_ASSIGN(const auto sampled,
                       MeasureOverlap(*both.current, *both.other, options));
  EXPECT_EQ(sampled[0].queries, 1U);
  options.sample = 0;
  EXPECT_THAT(MeasureOverlap(*both.current, *both.other, options),
              BlamesField("sample"));
  // Asked before the items are sampled, and before each search; then no more.
  options.sample = 3;
  for (int wanted = 0; wanted < 4; ++wanted) {
    int asked = 0;
    const auto still_wanted = [&asked, wanted] {
      return asked++ < wanted ? absl::OkStatus() : absl::CancelledError("gone");
    };
    EXPECT_THAT(
        MeasureOverlap(*both.current, *both.other, options, still_wanted),
        HasCode(absl::StatusCode::kCancelled));
    EXPECT_EQ(asked, wanted + 1);
  }
}

}  // namespace
}  // namespace likeness
