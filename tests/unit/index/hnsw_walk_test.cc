// Our search over the graph that FAISS built, held against FAISS's own.
#include "engine/index/hnsw_walk.h"

#include <faiss/IndexHNSW.h>
#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "engine/index/candidate_pool.h"
#include "engine/index/flat_index.h"
#include "engine/index/hnsw_build.h"
#include "engine/index/hnsw_graph.h"
#include "engine/index/node_filter.h"
#include "engine/index/row_scorer.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::AllOf;
using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::Fails;
using ::likeness::testing::MeanRecall;

constexpr size_t kGraphRows = 5'000;
constexpr size_t kGraphWidth = 64;
constexpr size_t kWalks = 200;
constexpr int kM = 16;

class HnswWalkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Its threads would wait for each other longer than they work.
    omp_set_num_threads(1);
    faiss_ = std::make_unique<faiss::IndexHNSWFlat>(
        kGraphWidth, kM, faiss::METRIC_INNER_PRODUCT);
    faiss_->hnsw.efConstruction = 60;
    faiss_->add(kGraphRows, vectors_.data());
    arrays_ = ExportHnsw(faiss_->hnsw, kGraphRows);
    ASSERT_OK_AND_ASSIGN(graph_, ViewHnswGraph(kGraphRows, kM, arrays_.entry,
                                               arrays_.links, arrays_.levels));
    ASSERT_OK_AND_ASSIGN(const auto flat, MakeFlatIndex(kGraphWidth));
    ASSERT_OK(flat->Add(vectors_));
    ASSERT_OK_AND_ASSIGN(exact_, flat->Search(queries_, {}, AllOf(kGraphRows)));
  }

  IndexSearchResult Ours(const float* query, size_t ef) {
    const RowScorer<float, float> scorer(BestKernels().float32, query,
                                         vectors_.data(), kGraphWidth);
    const AllNodes all;
    HnswWalk<RowScorer<float, float>, AllNodes> walk(graph_, scorer, all,
                                                     scratch_);
    walk.Start({.pool = ef, .max_scored = kGraphRows});
    EXPECT_TRUE(walk.Expand(ef));
    EXPECT_EQ(walk.known(), ef);
    IndexSearchResult result;
    for (size_t i = 0; i < 10; ++i) {
      result.neighbors.push_back({walk.found()[i].node, walk.found()[i].score});
    }
    return result;
  }

  IndexSearchResult Theirs(const float* query, size_t ef) {
    faiss_->hnsw.efSearch = static_cast<int>(ef);
    std::vector<float> products(10);
    std::vector<int64_t> labels(10);
    faiss_->search(1, query, 10, products.data(), labels.data());
    IndexSearchResult result;
    for (size_t i = 0; i < 10; ++i) {
      result.neighbors.push_back(
          {static_cast<uint64_t>(labels[i]), products[i]});
    }
    return result;
  }

  const std::vector<float> vectors_ =
      ClusteredVectors(kGraphRows, kGraphWidth, 1);
  const std::vector<float> queries_ =
      ClusteredVectors(kWalks, kGraphWidth, 1, 2);
  std::unique_ptr<faiss::IndexHNSWFlat> faiss_;
  HnswArrays arrays_;
  HnswGraph graph_;
  SearchScratch scratch_{kGraphRows};
  std::vector<IndexSearchResult> exact_;
};

TEST_F(HnswWalkTest, FindsWhatFaissFindsOnTheSameGraph) {
  double ours_at_most_ef = 0;
  for (const size_t ef : {10, 20, 50, 100, 200}) {
    std::vector<IndexSearchResult> ours;
    std::vector<IndexSearchResult> theirs;
    for (size_t q = 0; q < kWalks; ++q) {
      ours.push_back(Ours(&queries_[q * kGraphWidth], ef));
      theirs.push_back(Theirs(&queries_[q * kGraphWidth], ef));
    }
    // FAISS adds up in another order: a tie may fall either way.
    EXPECT_GE(MeanRecall(ours, exact_), MeanRecall(theirs, exact_) - 0.005)
        << "ef " << ef;
    ours_at_most_ef = MeanRecall(ours, exact_);
  }
  EXPECT_GE(ours_at_most_ef, 0.99);
}

TEST_F(HnswWalkTest, LinksThatPointNowhereAreRefused) {
  const auto view = [&] {
    return ViewHnswGraph(kGraphRows, kM, arrays_.entry, arrays_.links,
                         arrays_.levels)
        .status();
  };
  const auto damage = [&](uint32_t& number, uint32_t value) {
    const uint32_t before = number;
    number = value;
    EXPECT_THAT(view(), Fails(absl::StatusCode::kDataLoss, "outside"));
    number = before;
    EXPECT_OK(view());
  };
  damage(arrays_.links[17], kGraphRows);
  damage(arrays_.entry, 1U << 30);
  damage(arrays_.levels[0], arrays_.levels[0] + 1);
  damage(arrays_.levels[0], 1'000'000);
  damage(arrays_.levels[1], arrays_.levels[1] + 1);
  damage(arrays_.levels[2], kGraphRows);
  damage(arrays_.levels.back(), 1U << 30);
  arrays_.links.pop_back();
  EXPECT_THAT(view(), Fails(absl::StatusCode::kDataLoss, "outside"));
}

// Six nodes of which three, the entry among them, are not linked with the rest.
TEST(HnswWalkOverPartsTest, SaysWhatItCouldReach) {
  const std::vector<uint32_t> links = {1, 2, 0, 2, 0, 1, 4, 5, 3, 5, 3, 4};
  const std::vector<uint32_t> levels = {0};
  ASSERT_OK_AND_ASSIGN(const HnswGraph graph,
                       ViewHnswGraph(6, 1, 0, links, levels));
  const std::vector<float> rows = {0.1F, 0.2F, 0.3F, 0.7F, 0.8F, 0.9F};
  const float query = 1;
  const RowScorer<float, float> scorer(BestKernels().float32, &query,
                                       rows.data(), 1);
  SearchScratch scratch(6);
  const AllNodes all;
  HnswWalk<RowScorer<float, float>, AllNodes> walk(graph, scorer, all, scratch);
  walk.Start({.pool = 6, .max_scored = 6});
  EXPECT_TRUE(walk.Expand(3));
  EXPECT_EQ(walk.known(), 3U);
  EXPECT_TRUE(walk.Expand(6)) << "there is nothing left to expand";
  EXPECT_EQ(walk.reached(), 3U);
  EXPECT_TRUE(walk.Reached(2));
  EXPECT_FALSE(walk.Reached(3));
  walk.Start({.pool = 6, .max_scored = 2});
  EXPECT_FALSE(walk.Expand(6)) << "that takes three";
}

// Thirty nodes in a ring, each more like the query than the one before.
class FilteredWalkTest : public ::testing::Test {
 protected:
  static constexpr uint32_t kNodes = 30;

  void SetUp() override {
    for (uint32_t i = 0; i < kNodes; ++i) {
      links_.push_back((i + 1) % kNodes);
      links_.push_back((i + kNodes - 1) % kNodes);
      rows_.push_back(0.01F * static_cast<float>(i));
    }
    ASSERT_OK_AND_ASSIGN(graph_, ViewHnswGraph(kNodes, 1, 0, links_, levels_));
  }

  std::vector<uint32_t> links_;
  const std::vector<uint32_t> levels_ = {0};
  std::vector<float> rows_;
  HnswGraph graph_;
  SearchScratch scratch_{kNodes};
};

TEST_F(FilteredWalkTest, CountsWhatItPassesUnlessItForgotSome) {
  const float query = 1;
  const RowScorer<float, float> scorer(BestKernels().float32, &query,
                                       rows_.data(), 1);
  const auto allows = [](uint32_t node) { return node % 10 == 0; };
  const SomeNodes<decltype(allows)> some{allows};
  HnswWalk<RowScorer<float, float>, SomeNodes<decltype(allows)>> walk(
      graph_, scorer, some, scratch_);
  walk.Start({.pool = kNodes, .kept = 2, .max_scored = kNodes});
  ASSERT_TRUE(walk.Expand(kNodes));
  ASSERT_EQ(walk.found().size(), 2U) << "the best two of three";
  EXPECT_EQ(walk.found()[0].node, 20U);
  EXPECT_EQ(walk.found()[1].node, 10U);
  EXPECT_EQ(walk.Passed(1), 10U) << "29 to 20";
  EXPECT_EQ(walk.Passed(2), 20U);
  EXPECT_EQ(walk.Passed(3), 30U) << "all, since there are fewer";
  walk.Start({.pool = 15, .kept = 2, .max_scored = kNodes});
  ASSERT_TRUE(walk.Expand(15));
  EXPECT_EQ(walk.Passed(1), 10U);
  EXPECT_EQ(walk.Passed(2), std::nullopt) << "forgotten";
  EXPECT_EQ(walk.Passed(3), std::nullopt) << "forgotten";
}

TEST(CandidatePoolTest, KeepsTheBestInOrderWhateverComes) {
  std::mt19937 random(11);
  for (const size_t capacity : {1U, 2U, 7U, 40U}) {
    CandidatePool pool;
    pool.Reset(capacity);
    std::vector<Candidate> offered;
    for (uint32_t node = 0; node < 300; ++node) {
      // Few scores, so that many are equal.
      const auto score = static_cast<float>(random() % 20);
      offered.push_back({score, node});
      pool.Offer(score, node);
      if (pool.HasNext(capacity) && random() % 3 == 0) {
        pool.Expand();
        pool.Advance();
      }
    }
    std::sort(offered.begin(), offered.end(),
              [](const Candidate& a, const Candidate& b) {
                return a.score != b.score ? a.score > b.score : a.node < b.node;
              });
    ASSERT_EQ(pool.size(), capacity);
    for (size_t i = 0; i < capacity; ++i) {
      EXPECT_EQ(pool[i].node, offered[i].node);
      EXPECT_EQ(pool[i].score, offered[i].score);
    }
  }
}

TEST(CandidatePoolTest, NextIsTheBestThatWasNotExpanded) {
  CandidatePool pool;
  pool.Reset(3);
  EXPECT_FALSE(pool.HasNext(3));
  pool.Offer(5, 1);
  pool.Offer(7, 2);
  EXPECT_EQ(pool.next().node, 2U);
  pool.Expand();
  pool.Advance();
  EXPECT_EQ(pool.next().node, 1U);
  pool.Offer(6, 3);
  EXPECT_EQ(pool.next().node, 3U);
  pool.Offer(9, 4);  // 1 falls out.
  EXPECT_EQ(pool.next().node, 4U);
  pool.Expand();
  pool.Advance();
  EXPECT_EQ(pool.next().node, 3U);
  pool.Expand();
  pool.Advance();
  EXPECT_FALSE(pool.HasNext(3));
}

}  // namespace
}  // namespace likeness
