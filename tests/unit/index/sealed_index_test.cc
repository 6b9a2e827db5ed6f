#include "engine/index/sealed_index.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/core/random.h"
#include "engine/index/flat_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::AllOf;
using ::likeness::testing::BlamesField;
using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::MeanRecall;
using ::likeness::testing::RowsOf;
using ::likeness::testing::SomeOf;
using ::likeness::testing::TempDir;

constexpr size_t kQueries = 50;

struct Form {
  IndexKind kind;
  VectorCode code;
};

constexpr size_t kSealedRows = 4000;
constexpr size_t kSealedWidth = 100;

// What the tests of one form look at: a sealed index and the exact one over the
// same vectors. Built once, for it takes longer than the tests.
struct Subject {
  explicit Subject(const Form& form)
      : vectors(ClusteredVectors(kSealedRows, kSealedWidth, 1)),
        queries(ClusteredVectors(kQueries, kSealedWidth, 1, 2)),
        path(dir.path() + "/index") {
    IndexBuildParams params;
    params.kind = form.kind;
    params.code = form.code;
    params.m = 16;
    status.Update(BuildIndexFile(RowsOf(vectors, kSealedWidth), params, path));
    auto opened = OpenIndexFile(path);
    status.Update(opened.status());
    if (opened.ok()) sealed = *std::move(opened);
    auto made = MakeFlatIndex(kSealedWidth);
    status.Update(made.status());
    if (made.ok()) flat = *std::move(made);
    status.Update(flat->Add(vectors));
  }

  const TempDir dir;
  const std::vector<float> vectors;
  const std::vector<float> queries;
  const std::string path;
  absl::Status status;
  std::unique_ptr<VectorIndex> sealed;
  std::unique_ptr<GrowingIndex> flat;
};

const Subject& SubjectOf(const Form& form) {
  static auto& subjects =
      *new std::map<std::pair<IndexKind, VectorCode>, Subject>();
  return subjects.try_emplace({form.kind, form.code}, form).first->second;
}

class SealedIndexTest : public ::testing::TestWithParam<Form> {
 protected:
  void SetUp() override { ASSERT_OK(subject_.status); }

  void ExpectRecall(const Bitmap& allowed, const IndexSearchParams& params,
                    double least) {
    ASSERT_OK_AND_ASSIGN(const auto found,
                         index_->Search(queries_, params, allowed));
    ASSERT_OK_AND_ASSIGN(const auto exact,
                         flat_->Search(queries_, params, allowed));
    EXPECT_GE(MeanRecall(found, exact), least)
        << allowed.Count() << " allowed, k = " << params.k;
    for (size_t q = 0; q < kQueries; ++q) {
      const auto& neighbors = found[q].neighbors;
      ASSERT_LE(neighbors.size(), static_cast<size_t>(params.k));
      for (size_t i = 0; i < neighbors.size(); ++i) {
        ASSERT_LT(neighbors[i].ordinal, allowed.size());
        ASSERT_TRUE(allowed.Test(neighbors[i].ordinal));
        if (params.min_similarity > -1) {
          ASSERT_GE(neighbors[i].similarity, params.min_similarity);
        }
        if (i == 0) continue;
        ASSERT_GE(
            std::make_tuple(neighbors[i - 1].similarity, neighbors[i].ordinal),
            std::make_tuple(neighbors[i].similarity, neighbors[i - 1].ordinal));
      }
      if (found[q].exact) {
        EXPECT_EQ(neighbors, exact[q].neighbors);
      }
    }
  }

  const Subject& subject_ = SubjectOf(GetParam());
  const VectorIndex* index_ = subject_.sealed.get();
  const GrowingIndex* flat_ = subject_.flat.get();
  const std::vector<float>& vectors_ = subject_.vectors;
  const std::vector<float>& queries_ = subject_.queries;
};

TEST_P(SealedIndexTest, FindsTheNearestAtEverySelectivity) {
  Random random(3);
  ExpectRecall(AllOf(kSealedRows), {}, 0.99);
  ExpectRecall(AllOf(kSealedRows), {.k = 100}, 0.99);
  for (const double share : {0.95, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 0.0}) {
    ExpectRecall(SomeOf(kSealedRows, share, random), {}, 0.99);
  }
  Bitmap one;
  one.Grow(kSealedRows, false);
  one.Set(3210);
  ExpectRecall(one, {}, 1);
}

TEST_P(SealedIndexTest, AFilterFarFromTheQueryLosesNothing) {
  // The allowed half is the one that is least like the first query.
  ASSERT_OK_AND_ASSIGN(const auto order,
                       index_->Search({queries_.data(), kSealedWidth},
                                      {.k = kSealedRows / 2, .exact = true},
                                      AllOf(kSealedRows)));
  Bitmap far = AllOf(kSealedRows);
  for (const Neighbor& neighbor : order.front().neighbors) {
    far.Clear(neighbor.ordinal);
  }
  ExpectRecall(far, {}, 0.99);
}

TEST_P(SealedIndexTest, AnOlderBitmapHidesLaterRows) {
  ExpectRecall(AllOf(kSealedRows / 2), {}, 0.99);
  ExpectRecall(Bitmap(), {}, 1);
}

TEST_P(SealedIndexTest, TheThresholdHolds) {
  ExpectRecall(AllOf(kSealedRows), {.k = 50, .min_similarity = 0.8F}, 0.99);
}

TEST_P(SealedIndexTest, AnExactSearchIsTheFlatOne) {
  Random random(5);
  for (const double share : {1.0, 0.3}) {
    const Bitmap allowed = SomeOf(kSealedRows, share, random);
    for (const size_t count : {size_t{3}, kQueries}) {
      const auto queries =
          absl::MakeConstSpan(queries_).subspan(0, count * kSealedWidth);
      ASSERT_OK_AND_ASSIGN(const auto found,
                           index_->Search(queries, {.exact = true}, allowed));
      ASSERT_OK_AND_ASSIGN(const auto exact,
                           flat_->Search(queries, {}, allowed));
      for (size_t q = 0; q < count; ++q) {
        EXPECT_TRUE(found[q].exact);
        EXPECT_EQ(found[q].neighbors, exact[q].neighbors);
      }
    }
  }
}

TEST_P(SealedIndexTest, MoreCandidatesFindMoreAndAreSaid) {
  if (GetParam().kind == IndexKind::kFlat) {
    GTEST_SKIP() << "a flat index examines everything";
  }
  uint64_t before = 0;
  double recall_before = 0;
  ASSERT_OK_AND_ASSIGN(const auto exact,
                       flat_->Search(queries_, {}, AllOf(kSealedRows)));
  const bool graph = GetParam().kind == IndexKind::kHnsw;
  for (const int effort : {10, 20, 40}) {
    IndexSearchParams params;
    (graph ? params.ef_search : params.nprobe) = effort;
    ASSERT_OK_AND_ASSIGN(const auto found,
                         index_->Search(queries_, params, AllOf(kSealedRows)));
    uint64_t examined = 0;
    for (const auto& result : found) {
      EXPECT_FALSE(result.exact);
      examined += result.candidates_examined;
    }
    EXPECT_GT(examined, before);
    EXPECT_LT(examined, kQueries * kSealedRows);
    before = examined;
    const double recall = MeanRecall(found, exact);
    EXPECT_GE(recall, recall_before);
    recall_before = recall;
  }
  EXPECT_GE(recall_before, 0.97);
}

TEST_P(SealedIndexTest, TheSameSearchHasTheSameAnswerOnEveryThread) {
  ASSERT_OK_AND_ASSIGN(const auto expected,
                       index_->Search(queries_, {}, AllOf(kSealedRows)));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      // More often than an epoch of visited nodes has values.
      for (int round = 0; round < 8; ++round) {
        ASSERT_OK_AND_ASSIGN(const auto found,
                             index_->Search(queries_, {}, AllOf(kSealedRows)));
        for (size_t q = 0; q < kQueries; ++q) {
          ASSERT_EQ(found[q].neighbors, expected[q].neighbors);
          ASSERT_EQ(found[q].candidates_examined,
                    expected[q].candidates_examined);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(SealedIndexTest, GivesBackTheVectorsAndCountsItsMemory) {
  EXPECT_EQ(index_->dimensions(), kSealedWidth);
  ASSERT_EQ(index_->size(), kSealedRows);
  std::vector<float> row(kSealedWidth);
  for (const size_t ordinal : {size_t{0}, size_t{77}, kSealedRows - 1}) {
    index_->Reconstruct(ordinal, absl::MakeSpan(row));
    EXPECT_TRUE(std::equal(row.begin(), row.end(),
                           vectors_.begin() + ordinal * kSealedWidth));
  }
  const IndexMemory memory = index_->memory();
  const bool loaded = GetParam().code == VectorCode::kFloat32;
  constexpr uint64_t kRowBytes = kSealedRows * kSealedWidth * 4;
  EXPECT_EQ(memory.rows, loaded ? kRowBytes : 0);
  EXPECT_EQ(memory.mapped, loaded ? 0 : kRowBytes);
  const bool graph = GetParam().kind == IndexKind::kHnsw;
  EXPECT_GE(memory.links, graph ? kSealedRows * 32 * 4 : 0);
  if (GetParam().kind == IndexKind::kIvf) {
    EXPECT_GE(memory.links, kSealedRows * 4);
    EXPECT_LT(memory.links + memory.other, kSealedRows * 16);
  }
  EXPECT_EQ(memory.codes, loaded ? 0
                          : GetParam().code == VectorCode::kInt8
                              ? kSealedRows * 128
                              : kSealedRows * 128 * 2);
}

TEST_P(SealedIndexTest, RowsMayStayInTheFile) {
  ASSERT_OK_AND_ASSIGN(const auto expected,
                       index_->Search(queries_, {}, AllOf(kSealedRows)));
  const std::string copy = subject_.path + "2";
  std::filesystem::copy_file(subject_.path, copy);
  ASSERT_OK_AND_ASSIGN(
      const auto mapped,
      OpenIndexFile(copy, {.map_rows = true, .verify_mapped = false}));
  std::filesystem::remove(copy);
  EXPECT_EQ(mapped->memory().mapped, kSealedRows * kSealedWidth * 4);
  ASSERT_OK_AND_ASSIGN(const auto found,
                       mapped->Search(queries_, {}, AllOf(kSealedRows)));
  for (size_t q = 0; q < kQueries; ++q) {
    EXPECT_EQ(found[q].neighbors, expected[q].neighbors);
  }
}

TEST_P(SealedIndexTest, RefusesWhatIsOutOfRange) {
  const std::vector<float> odd(kSealedWidth + 1);
  EXPECT_THAT(index_->Search(odd, {}, Bitmap()), BlamesField("queries"));
  const std::vector<float> query(kSealedWidth);
  EXPECT_THAT(index_->Search(query, {.k = 0}, Bitmap()), BlamesField("k"));
  EXPECT_THAT(index_->Search(query, {.recall_target = 1}, Bitmap()),
              BlamesField("recall_target"));
  EXPECT_THAT(index_->Search(query, {.recall_target = 0}, Bitmap()),
              BlamesField("recall_target"));
  EXPECT_THAT(index_->Search(query, {.ef_search = 10'001}, Bitmap()),
              BlamesField("ef_search"));
  EXPECT_THAT(index_->Search(query, {.ef_search = -1}, Bitmap()),
              BlamesField("ef_search"));
  EXPECT_THAT(index_->Search(query, {.nprobe = kMaxNprobe + 1}, Bitmap()),
              BlamesField("nprobe"));
  EXPECT_THAT(index_->Search(query, {.nprobe = -1}, Bitmap()),
              BlamesField("nprobe"));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, SealedIndexTest,
    ::testing::Values(Form{IndexKind::kFlat, VectorCode::kFloat32},
                      Form{IndexKind::kHnsw, VectorCode::kFloat32},
                      Form{IndexKind::kHnsw, VectorCode::kInt8},
                      Form{IndexKind::kHnsw, VectorCode::kBfloat16},
                      Form{IndexKind::kHnsw, VectorCode::kFloat16},
                      Form{IndexKind::kIvf, VectorCode::kFloat32},
                      Form{IndexKind::kIvf, VectorCode::kInt8},
                      Form{IndexKind::kIvf, VectorCode::kBfloat16},
                      Form{IndexKind::kIvf, VectorCode::kFloat16}),
    [](const auto& test) {
      return std::string(IndexKindName(test.param.kind)) + "_" +
             std::string(VectorCodeName(test.param.code));
    });

}  // namespace
}  // namespace likeness
