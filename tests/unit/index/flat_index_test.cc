#include "engine/index/flat_index.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::AllOf;
using ::likeness::testing::BlamesField;
using ::likeness::testing::HasCode;

std::vector<float> RandomUnitVectors(size_t count, int dimensions,
                                     std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> vectors(count * static_cast<size_t>(dimensions));
  for (size_t at = 0; at < vectors.size();
       at += static_cast<size_t>(dimensions)) {
    double squares = 0;
    for (int i = 0; i < dimensions; ++i) {
      const float value = normal(random);
      vectors[at + static_cast<size_t>(i)] = value;
      squares += static_cast<double>(value) * value;
    }
    for (int i = 0; i < dimensions; ++i) {
      float& value = vectors[at + static_cast<size_t>(i)];
      value = static_cast<float>(value / std::sqrt(squares));
    }
  }
  return vectors;
}

double Product(const float* a, const float* b, int dimensions) {
  double sum = 0;
  for (int i = 0; i < dimensions; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

// What a search may at most differ from double precision.
double Tolerance(int dimensions) { return 1e-6 + 2e-7 * dimensions; }

// Compares `result` with all products in double precision: every neighbour is
// allowed and has its similarity, they are ordered, and nothing that is better
// by more than the tolerance was left out.
void ExpectExact(const IndexSearchResult& result, const float* query,
                 const std::vector<float>& vectors, int dimensions,
                 const Bitmap& allowed, const IndexSearchParams& params) {
  const double tolerance = Tolerance(dimensions);
  std::vector<double> products;
  uint64_t considered = 0;
  std::vector<bool> returned(allowed.size());
  for (size_t i = 0; i < result.neighbors.size(); ++i) {
    const Neighbor& neighbor = result.neighbors[i];
    ASSERT_LT(neighbor.ordinal, allowed.size());
    ASSERT_TRUE(allowed.Test(neighbor.ordinal));
    ASSERT_FALSE(returned[neighbor.ordinal]) << "twice";
    returned[neighbor.ordinal] = true;
    const double product = Product(
        query, &vectors[neighbor.ordinal * static_cast<size_t>(dimensions)],
        dimensions);
    ASSERT_NEAR(neighbor.similarity, product, tolerance);
    if (params.min_similarity > -1) {
      ASSERT_GE(neighbor.similarity, params.min_similarity);
    }
    if (i == 0) continue;
    const Neighbor& before = result.neighbors[i - 1];
    ASSERT_GE(std::make_tuple(before.similarity, neighbor.ordinal),
              std::make_tuple(neighbor.similarity, before.ordinal));
  }
  const bool full = result.neighbors.size() == static_cast<size_t>(params.k);
  const double bar =
      full ? result.neighbors.back().similarity
           : (params.min_similarity > -1 ? params.min_similarity : -1e30);
  for (size_t row = 0; row < allowed.size(); ++row) {
    if (!allowed.Test(row)) continue;
    ++considered;
    if (returned[row]) continue;
    ASSERT_LE(Product(query, &vectors[row * static_cast<size_t>(dimensions)],
                      dimensions),
              bar + tolerance)
        << "row " << row << " was left out";
  }
  EXPECT_TRUE(result.exact);
  EXPECT_GE(result.candidates_examined, considered);
}

struct Case {
  int dimensions;
  size_t rows;
};

class FlatIndexPropertyTest : public ::testing::TestWithParam<Case> {};

TEST_P(FlatIndexPropertyTest, AgreesWithDoublePrecision) {
  const auto [dimensions, rows] = GetParam();
  const auto width = static_cast<size_t>(dimensions);
  std::mt19937 random(static_cast<unsigned>(dimensions));
  std::vector<float> vectors = RandomUnitVectors(rows, dimensions, random);
  // A tenth are copies of others.
  for (size_t i = 0; i < rows / 10; ++i) {
    std::copy_n(&vectors[random() % rows * width], width,
                &vectors[random() % rows * width]);
  }
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(dimensions));
  for (size_t at = 0; at < rows;) {
    const size_t count = std::min<size_t>(rows - at, 1 + random() % 700);
    ASSERT_OK(
        index->Add(absl::MakeSpan(vectors).subspan(at * width, count * width)));
    at += count;
  }
  ASSERT_EQ(index->size(), rows);
  for (const double share : {1.0, 0.99, 0.5, 0.01, 0.0}) {
    for (const int k : {1, 10, 100, static_cast<int>(rows) + 5}) {
      Bitmap allowed;
      allowed.Grow(rows - random() % 70, false);
      for (size_t i = 0; i < allowed.size(); ++i) {
        if (static_cast<double>(random() % 10000) < share * 10000) {
          allowed.Set(i);
        }
      }
      IndexSearchParams params;
      params.k = std::min(k, kMaxNeighbors);
      if (random() % 3 == 0) params.min_similarity = 0.1F;
      // Alone, and as a batch: queries that are rows, and others.
      for (const size_t queries : {size_t{1}, size_t{40}}) {
        std::vector<float> asked =
            RandomUnitVectors(queries, dimensions, random);
        std::copy_n(&vectors[random() % rows * width], width, asked.data());
        ASSERT_OK_AND_ASSIGN(const auto results,
                             index->Search(asked, params, allowed));
        ASSERT_EQ(results.size(), queries);
        for (size_t q = 0; q < queries; q += 13) {
          ExpectExact(results[q], &asked[q * width], vectors, dimensions,
                      allowed, params);
          ASSERT_OK_AND_ASSIGN(
              const auto alone,
              index->Search(absl::MakeSpan(asked).subspan(q * width, width),
                            params, allowed));
          EXPECT_EQ(results[q].neighbors, alone.front().neighbors);
        }
        if (::testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, FlatIndexPropertyTest,
                         ::testing::Values(Case{1, 500}, Case{3, 3000},
                                           Case{8, 3000}, Case{17, 1000},
                                           Case{256, 9000}, Case{1280, 1500}),
                         [](const auto& test) {
                           return std::to_string(test.param.dimensions);
                         });

TEST(FlatIndexTest, CrossesChunks) {
  constexpr size_t kRows = 40'000;
  std::mt19937 random(3);
  const std::vector<float> vectors = RandomUnitVectors(kRows, 2, random);
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(2));
  ASSERT_OK(index->Add(vectors));
  for (const size_t queries : {size_t{1}, size_t{32}}) {
    const std::vector<float> asked = RandomUnitVectors(queries, 2, random);
    ASSERT_OK_AND_ASSIGN(const auto results,
                         index->Search(asked, {.k = 50}, AllOf(kRows)));
    ExpectExact(results[0], asked.data(), vectors, 2, AllOf(kRows), {.k = 50});
  }
}

TEST(FlatIndexTest, TiesComeByRisingOrdinal) {
  for (const int dimensions : {1, 2, 4, 8, 12, 16, 33}) {
    const auto width = static_cast<size_t>(dimensions);
    std::mt19937 random(5);
    const std::vector<float> one = RandomUnitVectors(1, dimensions, random);
    std::vector<float> vectors;
    for (int i = 0; i < 300; ++i) {
      vectors.insert(vectors.end(), one.begin(), one.end());
    }
    ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(dimensions));
    ASSERT_OK(index->Add(vectors));
    const std::vector<float> asked(vectors.begin(),
                                   vectors.begin() + 30 * width);
    ASSERT_OK_AND_ASSIGN(const auto results,
                         index->Search(asked, {.k = 7}, AllOf(300)));
    for (const IndexSearchResult& result : results) {
      ASSERT_EQ(result.neighbors.size(), 7U);
      for (size_t i = 0; i < 7; ++i) {
        EXPECT_EQ(result.neighbors[i].ordinal, i) << dimensions;
      }
    }
  }
}

TEST(FlatIndexTest, TheThresholdIsInclusive) {
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(2));
  ASSERT_OK(index->Add(std::vector<float>{1, 0, 0.5F, 0.5F, 0, 1, -1, 0}));
  const std::vector<float> query = {1, 0};
  ASSERT_OK_AND_ASSIGN(
      auto results,
      index->Search(query, {.k = 4, .min_similarity = 0.5F}, AllOf(4)));
  EXPECT_EQ(results[0].neighbors,
            (std::vector<Neighbor>{{0, 1.0F}, {1, 0.5F}}));
  ASSERT_OK_AND_ASSIGN(
      results, index->Search(query, {.k = 4, .min_similarity = -1}, AllOf(4)));
  EXPECT_EQ(results[0].neighbors.size(), 4U);
}

// FAISS has no label for what is no number.
TEST(FlatIndexTest, ABatchThatIsNotFiniteHasTheAnswersOfItsQueries) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(1));
  ASSERT_OK(index->Add(std::vector<float>{1, -1, 0.5F, kNaN}));
  for (const float value : {1.0F, kInfinity, -kInfinity, kNaN}) {
    const std::vector<float> queries(32, value);
    ASSERT_OK_AND_ASSIGN(const auto batch,
                         index->Search(queries, {}, AllOf(4)));
    ASSERT_OK_AND_ASSIGN(
        const auto alone,
        index->Search(absl::MakeSpan(queries).subspan(0, 1), {}, AllOf(4)));
    for (const IndexSearchResult& result : batch) {
      EXPECT_EQ(result.neighbors, alone.front().neighbors) << value;
    }
  }
}

TEST(FlatIndexTest, ExaminesTheAllowedRowsAlone) {
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(16));
  ASSERT_OK(index->Add(std::vector<float>(16 * 500, 0.25F)));
  Bitmap allowed;
  allowed.Grow(500, false);
  for (size_t i = 3; i < 400; i += 50) allowed.Set(i);
  ASSERT_OK_AND_ASSIGN(
      const auto results,
      index->Search(std::vector<float>(16, 0.25F), {.k = 100}, allowed));
  EXPECT_EQ(results[0].candidates_examined, 8U);
  EXPECT_EQ(results[0].neighbors.size(), 8U);
  EXPECT_TRUE(results[0].exact);
}

TEST(FlatIndexTest, AnEmptyIndexHasNoNeighbours) {
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(4));
  for (const size_t queries : {size_t{0}, size_t{1}, size_t{64}}) {
    ASSERT_OK_AND_ASSIGN(
        const auto results,
        index->Search(std::vector<float>(queries * 4, 0.5F), {}, Bitmap()));
    ASSERT_EQ(results.size(), queries);
    for (const auto& result : results) EXPECT_TRUE(result.neighbors.empty());
  }
}

TEST(FlatIndexTest, GivesBackWhatWasAdded) {
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(3));
  ASSERT_OK(index->Add(std::vector<float>{1, 2, 3, 4, 5, 6}));
  std::vector<float> row(3);
  index->Reconstruct(1, absl::MakeSpan(row));
  EXPECT_EQ(row, (std::vector<float>{4, 5, 6}));
}

TEST(FlatIndexTest, RefusesWhatIsOutOfRange) {
  EXPECT_THAT(MakeFlatIndex(0), BlamesField("dimensions"));
  EXPECT_THAT(MakeFlatIndex(4097), BlamesField("dimensions"));
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(3));
  const std::vector<float> odd(4);
  const std::vector<float> query(3);
  EXPECT_THAT(index->Add(odd), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(index->Search(odd, {}, Bitmap()), BlamesField("queries"));
  EXPECT_THAT(index->Search(query, {.k = 0}, Bitmap()), BlamesField("k"));
  EXPECT_THAT(index->Search(query, {.k = 10'001}, Bitmap()), BlamesField("k"));
  EXPECT_THAT(index->Search(query, {.min_similarity = 1.01F}, Bitmap()),
              BlamesField("min_similarity"));
  EXPECT_THAT(
      index->Search(query,
                    {.min_similarity = std::numeric_limits<float>::quiet_NaN()},
                    Bitmap()),
      BlamesField("min_similarity"));
}

TEST(FlatIndexTest, NamesTheVersionOfFaiss) {
  const std::string version = FaissVersion();
  EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2) << version;
}

}  // namespace
}  // namespace likeness
