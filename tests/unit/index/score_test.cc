// Scores of all rows, beside what a search finds.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
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
using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::RowsOf;
using ::likeness::testing::SomeOf;
using ::likeness::testing::TempDir;

constexpr size_t kScoredRows = 1500;
constexpr size_t kScoredWidth = 20;

class ScoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<VectorIndex> Sealed(IndexKind kind, VectorCode code) {
    IndexBuildParams params;
    params.kind = kind;
    params.code = code;
    params.m = 8;
    const std::string path = dir_.path() + "/index";
    EXPECT_OK(BuildIndexFile(RowsOf(vectors_, kScoredWidth), params, path));
    auto index = OpenIndexFile(path);
    EXPECT_OK(index);
    return *std::move(index);
  }

  std::vector<std::unique_ptr<VectorIndex>> All() {
    std::vector<std::unique_ptr<VectorIndex>> all;
    auto flat = MakeFlatIndex(kScoredWidth);
    EXPECT_OK(flat);
    EXPECT_OK((*flat)->Add(vectors_));
    all.push_back(*std::move(flat));
    all.push_back(Sealed(IndexKind::kFlat, VectorCode::kFloat32));
    all.push_back(Sealed(IndexKind::kHnsw, VectorCode::kFloat32));
    all.push_back(Sealed(IndexKind::kHnsw, VectorCode::kInt8));
    all.push_back(Sealed(IndexKind::kIvf, VectorCode::kFloat32));
    all.push_back(Sealed(IndexKind::kIvf, VectorCode::kInt8));
    return all;
  }

  const TempDir dir_;
  const std::vector<float> vectors_ =
      ClusteredVectors(kScoredRows, kScoredWidth, 1);
  const std::vector<float> query_ = ClusteredVectors(1, kScoredWidth, 1, 2);
};

TEST_F(ScoreTest, GivesEveryAllowedRowOnceWithTheSimilarityOfAnExactSearch) {
  Random random(3);
  const Bitmap allowed = SomeOf(kScoredRows - 100, 0.4, random);
  for (const auto& index : All()) {
    std::vector<Neighbor> scored;
    index->Score(
        query_, allowed,
        [&](absl::Span<const size_t> ordinals,
            absl::Span<const float> similarities) {
          ASSERT_EQ(ordinals.size(), similarities.size());
          for (size_t i = 0; i < ordinals.size(); ++i) {
            ASSERT_TRUE(scored.empty() || scored.back().ordinal < ordinals[i]);
            scored.push_back({ordinals[i], similarities[i]});
          }
        });
    ASSERT_EQ(scored.size(), allowed.Count());
    IndexSearchParams params;
    params.k = static_cast<int>(allowed.Count());
    params.exact = true;
    ASSERT_OK_AND_ASSIGN(const auto found,
                         index->Search(query_, params, allowed));
    std::vector<Neighbor> neighbors = found.front().neighbors;
    std::sort(neighbors.begin(), neighbors.end(),
              [](const Neighbor& a, const Neighbor& b) {
                return a.ordinal < b.ordinal;
              });
    EXPECT_EQ(scored, neighbors);
  }
}

TEST_F(ScoreTest, ScoresAllTellsWhetherASearchIsExact) {
  Random random(4);
  for (const auto& index : All()) {
    for (const double share : {1.0, 0.01}) {
      for (const bool exact : {false, true}) {
        const Bitmap allowed = SomeOf(kScoredRows, share, random);
        IndexSearchParams params;
        params.k = 3;
        params.ef_search = 3;
        params.nprobe = 3;
        params.exact = exact;
        ASSERT_OK_AND_ASSIGN(const auto found,
                             index->Search(query_, params, allowed));
        EXPECT_EQ(index->ScoresAll(params, allowed), found.front().exact);
      }
    }
  }
}

}  // namespace
}  // namespace likeness
