// A collection beside a naive exact model, over random operations. Segments are
// tiny, so that rows are sealed and merged all the time.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/collection/verify_directory.h"
#include "gtest/gtest.h"
#include "tests/support/sanitized.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_seed.h"
#include "tests/unit/collection/naive_collection.h"
#include "tests/unit/collection/random_operations.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::NaiveCollection;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::RandomOperations;

// Mutations, reads and searches.
constexpr int kOperations = testing::kSanitized ? 20'000 : 100'000;
constexpr double kTolerance = 1e-5;

SegmentOptions SegmentsOfEachKind() {
  SegmentOptions options = testing::SmallSegments(12, 60);
  options.min_ivf_rows = 150;
  options.max_segment_rows = 300;
  options.graph.m = 8;
  options.graph.ef_construction = 40;
  return options;
}

class CollectionModelTest : public ::testing::Test {
 protected:
  Collection& collection() { return *opened_.collection; }
  void Write(std::vector<AtomicWrite> writes);
  void WriteSome();
  void Sweep();
  void Get();
  void List();
  void Search();
  void CheckHits(const SearchRequest& request, const SearchResult& result,
                 std::map<std::string, double> expected);
  void CheckVector(Space space, const std::vector<float>& queries,
                   const Hit& hit);
  void Reopen();
  void Step();

  testing::TempDir dir_;
  testing::OpenedCollection opened_ =
      OpenTestCollection(dir_.path(), SegmentsOfEachKind());
  NaiveCollection model_;
  int operations_ = 0;
  RandomOperations random_{testing::TestSeed(), model_};
};

void CollectionModelTest::Write(std::vector<AtomicWrite> writes) {
  for (const AtomicWrite& write : writes) {
    operations_ += static_cast<int>(write.mutations.size());
  }
  const std::vector<WriteResult> results = collection().Apply(writes);
  ASSERT_EQ(results.size(), writes.size());
  for (size_t i = 0; i < writes.size(); ++i) {
    const auto expected = model_.Apply(writes[i]);
    ASSERT_EQ(results[i].ok(), expected.has_value()) << results[i].status();
    if (!expected.has_value()) continue;
    ASSERT_EQ(results[i]->size(), expected->size());
    for (size_t j = 0; j < expected->size(); ++j) {
      ASSERT_EQ((*results[i])[j].change, (*expected)[j].change);
      ASSERT_EQ((*results[i])[j].op_id, (*expected)[j].op_id);
    }
  }
}

// Several writes at once, as each call waits for the disk.
void CollectionModelTest::WriteSome() {
  std::vector<AtomicWrite> writes(1 + random_.Below(20));
  for (AtomicWrite& write : writes) {
    for (uint64_t i = 0; i <= random_.Below(3); ++i) {
      write.mutations.push_back(random_.RandomMutation());
    }
  }
  Write(std::move(writes));
}

void CollectionModelTest::Sweep() {
  ++operations_;
  const absl::Time now =
      absl::FromUnixSeconds(static_cast<int>(random_.Below(99)));
  const int limit = 1 + static_cast<int>(random_.Below(20));
  ASSERT_OK_AND_ASSIGN(const uint64_t swept,
                       collection().SweepExpired(now, limit));
  ASSERT_EQ(swept, model_.Sweep(now, limit));
}

void CollectionModelTest::Get() {
  ++operations_;
  const std::string id = random_.RandomId();
  const auto item = collection().Get(id, {});
  const auto expected = model_.items().find(id);
  ASSERT_EQ(item.ok(), expected != model_.items().end()) << item.status();
  if (!item.ok()) {
    ASSERT_TRUE(absl::IsNotFound(item.status()));
    return;
  }
  ASSERT_EQ(item->op_id, expected->second.op_id);
  ASSERT_EQ(item->metadata, expected->second.metadata);
  ASSERT_EQ(item->expires, expected->second.expires);
}

void CollectionModelTest::List() {
  ++operations_;
  const std::string start = random_.OneIn(3) ? "" : random_.RandomId();
  const int limit = 1 + static_cast<int>(random_.Below(50));
  ASSERT_OK_AND_ASSIGN(const ItemPage page,
                       collection().List(start, limit, {}));
  auto expected = model_.items().lower_bound(start);
  for (const Item& item : page.items) {
    ASSERT_NE(expected, model_.items().end());
    ASSERT_EQ(item.id, expected->first);
    ASSERT_EQ(item.op_id, expected->second.op_id);
    ++expected;
  }
  ASSERT_EQ(page.next_id,
            expected == model_.items().end() ? "" : expected->first);
}

void CollectionModelTest::Search() {
  ++operations_;
  SearchRequest request;
  request.space = random_.RandomSpace();
  request.k = 1 + static_cast<int>(random_.Below(30));
  request.exact = random_.OneIn(2);
  if (random_.OneIn(3)) request.min_similarity = 0.3F;
  if (random_.OneIn(2)) request.min_op_id = model_.last_op_id();
  if (random_.OneIn(2)) request.filter = random_.RandomFilter();
  std::vector<float> query = random_.RandomQuery(request.space);
  request.target = query;
  std::string left_out;
  if (random_.OneIn(3)) {
    left_out = random_.RandomId();
    request.target = left_out;
    const auto item = model_.items().find(left_out);
    if (item == model_.items().end() ||
        item->second.vectors[request.space].empty()) {
      ASSERT_TRUE(absl::IsNotFound(collection().Search(request).status()));
      return;
    }
    query = item->second.vectors[request.space];
  }
  ASSERT_OK_AND_ASSIGN(const SearchResult result, collection().Search(request));
  auto expected = model_.Similarities(
      request.space, query, testing::TestSpec().dimensions[request.space],
      request.filter.has_value() ? &*request.filter : nullptr);
  expected.erase(left_out);
  CheckHits(request, result, std::move(expected));
  for (const Hit& hit : result.hits) {
    if (HasFailure()) return;
    CheckVector(request.space, query, hit);
  }
}

// Is the vector that the hit names as near as the hit says?
void CollectionModelTest::CheckVector(Space space,
                                      const std::vector<float>& queries,
                                      const Hit& hit) {
  const int dimensions = testing::TestSpec().dimensions[space];
  const std::vector<float>& all = model_.items().at(hit.id).vectors[space];
  ASSERT_EQ(hit.vectors * static_cast<size_t>(dimensions), all.size());
  ASSERT_LT(hit.vector, hit.vectors);
  const auto first = all.begin() + std::ptrdiff_t{hit.vector} * dimensions;
  const std::vector<float> named(first, first + dimensions);
  ASSERT_NEAR(hit.similarity, testing::NaiveNearest(queries, named, dimensions),
              kTolerance);
}

void CollectionModelTest::CheckHits(const SearchRequest& request,
                                    const SearchResult& result,
                                    std::map<std::string, double> expected) {
  ASSERT_EQ(result.op_id, model_.last_op_id());
  ASSERT_TRUE(result.exact || !request.exact);
  std::vector<double> all;
  size_t surely = 0;
  for (const auto& [id, similarity] : expected) {
    all.push_back(similarity);
    if (similarity >= request.min_similarity + kTolerance) ++surely;
  }
  std::sort(all.rbegin(), all.rend());
  const auto k = static_cast<size_t>(request.k);
  ASSERT_LE(result.hits.size(), std::min(k, all.size()));
  if (result.exact) {
    ASSERT_GE(result.hits.size(), std::min(k, surely));
  }
  for (size_t i = 0; i < result.hits.size(); ++i) {
    const Hit& hit = result.hits[i];
    const auto found = expected.find(hit.id);
    ASSERT_NE(found, expected.end()) << hit.id << " came back, or came twice";
    ASSERT_EQ(hit.item->op_id, model_.items().at(hit.id).op_id);
    ASSERT_NEAR(hit.similarity, found->second, kTolerance);
    ASSERT_LE(hit.similarity, all[i] + kTolerance);
    if (result.exact) {
      ASSERT_NEAR(hit.similarity, all[i], kTolerance);
    }
    ASSERT_GE(hit.similarity, request.min_similarity);
    expected.erase(found);
  }
}

void CollectionModelTest::Reopen() {
  opened_ = {};
  ASSERT_OK_AND_ASSIGN(const auto report, VerifyDirectory(dir_.path()));
  for (const VerifyProblem& problem : report.problems()) {
    ADD_FAILURE() << problem.where << ": " << problem.what;
  }
  opened_ = OpenTestCollection(dir_.path(), SegmentsOfEachKind());
  ASSERT_OK(collection().stats().opened);
}

void CollectionModelTest::Step() {
  const uint64_t dice = random_.Below(10'000);
  if (dice < 4) {
    Reopen();
  } else if (dice < 8) {
    ASSERT_OK(collection().Compact());
  } else if (dice < 400) {
    WriteSome();
  } else if (dice < 450) {
    Sweep();
  } else if (dice < 2'400) {
    Get();
  } else if (dice < 3'000) {
    List();
  } else {
    Search();
  }
}

TEST_F(CollectionModelTest, AnswersAsANaiveModelDoes) {
  AtomicWrite first;
  first.mutations = {random_.FirstPut()};
  Write({std::move(first)});
  while (operations_ < kOperations) {
    Step();
    ASSERT_FALSE(HasFailure()) << "operation " << operations_;
    ASSERT_EQ(collection().size(), model_.items().size());
    ASSERT_EQ(collection().last_op_id(), model_.last_op_id());
    ASSERT_OK(collection().stats().built);
  }
  Reopen();
}

}  // namespace
}  // namespace likeness
