// A collection that several threads change and search at random, beside a naive
// exact model of each thread's own items.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_seed.h"
#include "tests/unit/collection/naive_collection.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::NaiveNearest;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;
using ::likeness::testing::VersionOf;

constexpr int kThreads = 4;
constexpr int kRounds = 3;  // The directory is opened anew for each.
constexpr int kOperationsOfRound = 1'500;  // Of a thread in a round.
constexpr int kIdsOfThread = 40;
constexpr double kSlack = 1e-5;

// Those of one version: every third time two, so that maps of rows begin in the
// middle of a segment that is searched.
std::vector<float> VectorsOfVersion(Space space, const std::string& id,
                                    int64_t version) {
  std::vector<float> vectors = VersionedVector(space, id, version);
  if (version % 3 != 0) return vectors;
  const std::vector<float> second =
      VersionedVector(space, id, version + 1'000'000);
  vectors.insert(vectors.end(), second.begin(), second.end());
  return vectors;
}

double CosineOfVersion(const std::vector<float>& query, Space space,
                       const std::string& id, int64_t version) {
  return NaiveNearest(query, VectorsOfVersion(space, id, version),
                      static_cast<int>(query.size()));
}

// A thread with ids of its own, of which it knows what must be there.
class Worker {
 public:
  Worker(int number, uint64_t seed)
      : number_(number), random_(seed + static_cast<uint64_t>(number)) {}

  void Run(Collection& collection) {
    for (int i = 0; i < kOperationsOfRound; ++i) {
      const uint64_t dice = random_() % 100;
      if (dice < 12) {
        Upsert(collection);
      } else if (dice < 18) {
        Delete(collection);
      } else if (dice < 35) {
        Get(collection);
      } else {
        Search(collection);
      }
      if (::testing::Test::HasFailure()) return;
    }
  }

  // Version of each id that is there.
  const std::map<std::string, int64_t>& versions() const { return versions_; }

 private:
  std::string RandomId() {
    return absl::StrCat(number_, "/", random_() % kIdsOfThread);
  }

  void Upsert(Collection& collection) {
    std::map<std::string, int64_t> changes;
    for (uint64_t i = random_() % 4; i < 4; ++i) changes[RandomId()] = next_++;
    std::vector<Mutation> puts;
    for (const auto& [id, version] : changes) {
      Mutation& put = puts.emplace_back(VersionedPut(id, version));
      for (const Space space : kAllSpaces) {
        put.vectors[space] = VectorsOfVersion(space, id, version);
      }
      versions_[id] = version;
    }
    ASSERT_OK_AND_ASSIGN(const auto op_ids, collection.Upsert(puts));
    ASSERT_GT(op_ids.front(), seen_);
    seen_ = op_ids.back();
  }

  void Delete(Collection& collection) {
    const std::string id = RandomId();
    ASSERT_OK_AND_ASSIGN(const auto op_ids, collection.Delete({id}));
    ASSERT_EQ(op_ids[0] != 0, versions_.erase(id) == 1) << id;
    seen_ = std::max(seen_, op_ids[0]);
  }

  void Get(const Collection& collection) {
    const std::string id = RandomId();
    const auto item = collection.Get(id, {});
    const auto expected = versions_.find(id);
    ASSERT_EQ(item.ok(), expected != versions_.end()) << item.status();
    if (item.ok()) {
      ASSERT_EQ(VersionOf(*item), expected->second);
    }
  }

  // Anybody's items are found; of its own the thread knows which must be.
  void Search(const Collection& collection) {
    const Space space = random_() % 2 == 0 ? Space::kSimilar : Space::kCopy;
    const std::string id = RandomId();
    const auto sought = versions_.find(id);
    const bool there = sought != versions_.end();
    SearchRequest request;
    request.space = space;
    request.k = 1 + static_cast<int>(random_() % 20);
    request.min_op_id = seen_;
    request.exact = random_() % 2 == 0;
    const std::vector<float> query =
        VersionedVector(space, id, there ? sought->second : 0);
    request.target = query;
    ASSERT_OK_AND_ASSIGN(const SearchResult result, collection.Search(request));
    ASSERT_GE(result.op_id, seen_);
    if (there && result.exact) {
      ASSERT_EQ(result.hits.at(0).id, id);
    }
    CheckHits(result, space, query);
  }

  void CheckHits(const SearchResult& result, Space space,
                 const std::vector<float>& query) {
    std::set<std::string> ids;
    float before = 2;
    for (const Hit& hit : result.hits) {
      ASSERT_TRUE(ids.insert(hit.id).second) << hit.id << " twice";
      ASSERT_LE(hit.similarity, before);
      before = hit.similarity;
      const int64_t version = VersionOf(*hit.item);
      ASSERT_NEAR(hit.similarity,
                  CosineOfVersion(query, space, hit.id, version), kSlack);
      if (!absl::StartsWith(hit.id, absl::StrCat(number_, "/"))) continue;
      const auto own = versions_.find(hit.id);
      ASSERT_NE(own, versions_.end()) << hit.id << " came back";
      ASSERT_EQ(version, own->second);
    }
    if (result.hits.empty() || !result.exact) return;
    // No own item that is clearly nearer than the last hit is missing.
    for (const auto& [id, version] : versions_) {
      const double cosine = CosineOfVersion(query, space, id, version);
      if (cosine > result.hits.back().similarity + kSlack) {
        ASSERT_TRUE(ids.contains(id)) << id << " is missing";
      }
    }
  }

  const int number_;
  std::mt19937_64 random_;
  std::map<std::string, int64_t> versions_;
  int64_t next_ = 1;
  uint64_t seen_ = 0;  // The newest operation that was acknowledged to it.
};

// Seals, merges and copies what the workers change.
void Maintain(const testing::OpenedCollection& opened,
              const std::atomic<int>& working) {
  for (int i = 0; working > 0; ++i) {
    const testing::TempDir dir;
    ASSERT_OK(opened.set->Snapshot(dir.File("snapshot")));
    ASSERT_OK(opened.collection->Compact());
    ASSERT_OK(opened.collection->stats().built);
  }
}

// What all workers together know to be there.
void CheckAll(const Collection& collection,
              const std::vector<Worker>& workers) {
  ASSERT_OK_AND_ASSIGN(const ItemPage page, collection.List("", 1000, {}));
  std::map<std::string, int64_t> expected;
  for (const Worker& worker : workers) {
    expected.insert(worker.versions().begin(), worker.versions().end());
  }
  std::map<std::string, int64_t> found;
  for (const Item& item : page.items) found[item.id] = VersionOf(item);
  ASSERT_EQ(found, expected);
  ASSERT_EQ(collection.size(), expected.size());
}

TEST(ConcurrentModelTest, EveryThreadFindsWhatItsNaiveModelHas) {
  const uint64_t seed = testing::TestSeed();
  SegmentOptions segments = testing::SmallSegments(16, 50);
  segments.max_segment_rows = 300;
  segments.graph.m = 8;
  segments.graph.ef_construction = 40;
  const testing::TempDir dir;
  std::vector<Worker> workers;
  for (int i = 0; i < kThreads; ++i) workers.emplace_back(i, seed);
  for (int round = 0; round < kRounds; ++round) {
    // Closed while segments are built, and opened anew.
    const auto opened = OpenTestCollection(dir.path(), segments);
    ASSERT_OK(opened.collection->stats().opened);
    std::atomic<int> working = kThreads;
    std::vector<std::thread> threads;
    for (Worker& worker : workers) {
      threads.emplace_back([&] {
        worker.Run(*opened.collection);
        --working;
      });
    }
    threads.emplace_back([&] { Maintain(opened, working); });
    for (std::thread& thread : threads) thread.join();
    CheckAll(*opened.collection, workers);
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace likeness
