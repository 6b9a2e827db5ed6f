#include "engine/core/index_options.h"

#include <cmath>
#include <vector>

#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;

TEST(IndexOptionsTest, CodesHaveNames) {
  for (const VectorCode code : {VectorCode::kFloat32, VectorCode::kInt8,
                                VectorCode::kBfloat16, VectorCode::kFloat16}) {
    EXPECT_EQ(VectorCodeOfName(VectorCodeName(code)), code);
  }
  EXPECT_EQ(VectorCodeOfName("float16"), VectorCode::kFloat16);
  EXPECT_EQ(VectorCodeOfName("float64"), std::nullopt);
  EXPECT_EQ(VectorCodeOfName(""), std::nullopt);
}

TEST(IndexOptionsTest, KindsHaveNames) {
  for (const IndexKind kind :
       {IndexKind::kFlat, IndexKind::kHnsw, IndexKind::kIvf}) {
    EXPECT_EQ(IndexKindOfName(IndexKindName(kind)), kind);
  }
  EXPECT_EQ(IndexKindOfName("auto"), std::nullopt);
  EXPECT_EQ(IndexKindOfName(""), std::nullopt);
}

TEST(IndexOptionsTest, LimitsAreInclusiveAndNamed) {
  EXPECT_OK(IndexOptions().Validate());
  const IndexOptions least{VectorCode::kInt8, 2, 1, 1, 0.001F,
                           IndexKind::kFlat,  1};
  EXPECT_OK(least.Validate());
  const IndexOptions most{
      VectorCode::kBfloat16, 128,    10'000, uint32_t{1} << 30, 0.999F,
      IndexKind::kIvf,       1 << 18};
  EXPECT_OK(most.Validate());
  for (const int m : {-1, 0, 1, 129}) {
    EXPECT_THAT(IndexOptions{.m = m}.Validate(), BlamesField("index.m"));
  }
  EXPECT_THAT(IndexOptions{.m = 129}.Validate(),
              Fails(absl::StatusCode::kInvalidArgument, "2 to 128"));
  for (const int ef : {0, 10'001}) {
    EXPECT_THAT(IndexOptions{.ef_construction = ef}.Validate(),
                BlamesField("index.ef_construction"));
  }
  for (const uint32_t rows : {uint32_t{0}, (uint32_t{1} << 30) + 1}) {
    EXPECT_THAT(IndexOptions{.min_graph_rows = rows}.Validate(),
                BlamesField("index.min_graph_rows"));
  }
  for (const float recall : {0.0F, 1.0F, -0.5F, NAN}) {
    EXPECT_THAT(IndexOptions{.recall_target = recall}.Validate(),
                BlamesField("index.recall_target"));
  }
  for (const int lists : {0, -1, (1 << 18) + 1}) {
    EXPECT_THAT(IndexOptions{.lists = lists}.Validate(),
                BlamesField("index.lists"));
  }
  EXPECT_THAT(IndexOptions{.kind = static_cast<IndexKind>(9)}.Validate(),
              BlamesField("index.kind"));
  EXPECT_THAT(IndexOptions{.code = static_cast<VectorCode>(9)}.Validate(),
              BlamesField("index.code"));
}

TEST(IndexOptionsTest, WhatIsChosenWinsOverTheRule) {
  const IndexOptions rule{VectorCode::kFloat32, 32, 100, 4096, 0.99F,
                          IndexKind::kHnsw,     50};
  EXPECT_EQ(Merge({}, rule), rule);
  const IndexOptions chosen{.code = VectorCode::kInt8, .recall_target = 0.9F};
  const IndexOptions merged{VectorCode::kInt8, 32, 100, 4096, 0.9F,
                            IndexKind::kHnsw,  50};
  EXPECT_EQ(Merge(chosen, rule), merged);
  EXPECT_EQ(Merge({.kind = IndexKind::kIvf, .lists = 7}, {}),
            (IndexOptions{.kind = IndexKind::kIvf, .lists = 7}));
  EXPECT_EQ(Merge(rule, chosen), rule);
}

}  // namespace
}  // namespace likeness
