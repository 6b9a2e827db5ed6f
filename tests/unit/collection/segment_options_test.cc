#include "engine/collection/segment_options.h"

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(SegmentOptionsTest, TheSizeOfASegmentDecidesWhatItIsSearchedBy) {
  const SegmentOptions rule;
  EXPECT_EQ(rule.ParamsFor(4095).kind, IndexKind::kFlat);
  EXPECT_EQ(rule.ParamsFor(4096).kind, IndexKind::kHnsw);
  EXPECT_EQ(rule.ParamsFor(4096).code, VectorCode::kFloat32);
  EXPECT_EQ(rule.ParamsFor((4 << 20) - 1).kind, IndexKind::kHnsw);
  EXPECT_EQ(rule.ParamsFor(4 << 20).kind, IndexKind::kIvf);
  EXPECT_EQ(rule.ParamsFor(4 << 20).code, VectorCode::kInt8);
  EXPECT_EQ(rule.ParamsFor(4 << 20).lists, 0);
  EXPECT_FALSE(rule.index_rule().kind.has_value());
}

TEST(SegmentOptionsTest, AChosenKindHoldsForAllButSmallSegments) {
  const SegmentOptions lists =
      SegmentOptions().With({.kind = IndexKind::kIvf, .lists = 30});
  EXPECT_EQ(lists.ParamsFor(4095).kind, IndexKind::kFlat);
  EXPECT_EQ(lists.ParamsFor(4096).kind, IndexKind::kIvf);
  EXPECT_EQ(lists.ParamsFor(4096).code, VectorCode::kInt8);
  EXPECT_EQ(lists.ParamsFor(4096).lists, 30);
  const SegmentOptions graphs =
      SegmentOptions().With({.kind = IndexKind::kHnsw});
  EXPECT_EQ(graphs.ParamsFor(8 << 20).kind, IndexKind::kHnsw);
  const SegmentOptions flat = SegmentOptions().With(
      {.code = VectorCode::kInt8, .kind = IndexKind::kFlat});
  EXPECT_EQ(flat.ParamsFor(8 << 20).kind, IndexKind::kFlat);
  EXPECT_EQ(flat.ParamsFor(8 << 20).code, VectorCode::kFloat32);
}

TEST(SegmentOptionsTest, AChosenCodeHoldsForGraphsAndLists) {
  for (const VectorCode code : {VectorCode::kFloat32, VectorCode::kBfloat16}) {
    const SegmentOptions options = SegmentOptions().With({.code = code});
    EXPECT_EQ(options.ParamsFor(5000).code, code);
    EXPECT_EQ(options.ParamsFor(8 << 20).code, code);
    EXPECT_EQ(options.ParamsFor(100).code, VectorCode::kFloat32);
  }
}

}  // namespace
}  // namespace likeness
