// Filters that hide what lies near the query ("not of this brand"): what a walk
// over the graph meets first counts for nothing.
#include <memory>
#include <string>
#include <vector>

#include "engine/index/flat_index.h"
#include "engine/index/sealed_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::AllOf;
using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::MeanRecall;
using ::likeness::testing::RowsOf;
using ::likeness::testing::TempDir;

constexpr size_t kFillRows = 16'000;
constexpr size_t kFillWidth = 48;
constexpr size_t kNearQueries = 40;

class HiddenRowsTest : public ::testing::TestWithParam<IndexKind> {
 protected:
  void SetUp() override {
    ASSERT_OK(BuildIndexFile(RowsOf(vectors_, kFillWidth),
                             {.kind = GetParam(), .m = 16},
                             dir_.File("index")));
    ASSERT_OK_AND_ASSIGN(index_, OpenIndexFile(dir_.File("index")));
  }

  // The recall when of each query its `hidden` nearest rows are not allowed.
  void Search(size_t hidden, const IndexSearchParams& params, double& recall) {
    std::vector<IndexSearchResult> found;
    std::vector<IndexSearchResult> exact;
    for (size_t q = 0; q < kNearQueries; ++q) {
      const absl::Span<const float> query(&queries_[q * kFillWidth],
                                          kFillWidth);
      ASSERT_OK_AND_ASSIGN(
          const auto order,
          index_->Search(query, {.k = static_cast<int>(hidden), .exact = true},
                         AllOf(kFillRows)));
      Bitmap allowed = AllOf(kFillRows);
      for (const Neighbor& neighbor : order.front().neighbors) {
        allowed.Clear(neighbor.ordinal);
      }
      ASSERT_OK_AND_ASSIGN(const auto one,
                           index_->Search(query, params, allowed));
      found.push_back(one.front());
      for (const Neighbor& neighbor : one.front().neighbors) {
        EXPECT_TRUE(allowed.Test(neighbor.ordinal));
      }
      ASSERT_OK_AND_ASSIGN(const auto best,
                           index_->Search(query, {.exact = true}, allowed));
      exact.push_back(best.front());
    }
    recall = MeanRecall(found, exact);
  }

  const TempDir dir_;
  const std::vector<float> vectors_ =
      ClusteredVectors(kFillRows, kFillWidth, 1);
  const std::vector<float> queries_ =
      ClusteredVectors(kNearQueries, kFillWidth, 1, 2);
  std::unique_ptr<VectorIndex> index_;
};

TEST_P(HiddenRowsTest, LoseLittleOfTheRecall) {
  for (const size_t hidden : {size_t{20}, size_t{320}, size_t{1000}}) {
    double recall = 0;
    Search(hidden, {}, recall);
    EXPECT_GE(recall, 0.98) << hidden << " hidden";
    Search(hidden, {.recall_target = 0.9F}, recall);
    EXPECT_GE(recall, 0.9) << hidden << " hidden";
  }
}

class HiddenRowsOfGraphTest : public HiddenRowsTest {};

// The pool of a few candidates runs out among what is hidden.
TEST_P(HiddenRowsOfGraphTest, AWalkThatSawNothingElseEndsInAScan) {
  double recall = 0;
  Search(2000, {.ef_search = 10}, recall);
  EXPECT_GE(recall, 0.9);
}

INSTANTIATE_TEST_SUITE_P(Kinds, HiddenRowsOfGraphTest,
                         ::testing::Values(IndexKind::kHnsw));
INSTANTIATE_TEST_SUITE_P(Kinds, HiddenRowsTest,
                         ::testing::Values(IndexKind::kHnsw, IndexKind::kIvf),
                         [](const auto& test) {
                           return std::string(IndexKindName(test.param));
                         });

}  // namespace
}  // namespace likeness
