// Snapshots of a directory that is written to all the while.
#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/collection/verify_directory.h"
#include "engine/store/restore_snapshot.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;
using ::likeness::testing::VersionOf;

constexpr int kSnapshots = 8;
constexpr int kWriters = 3;
constexpr int kIdsOfWriter = 60;

SegmentOptions ShortSegments() {
  SegmentOptions options = testing::SmallSegments(16, 80);
  options.max_segment_rows = 400;
  return options;
}

// What each operation did: version 0 is a deletion. Thread-safe.
class Journal {
 public:
  void Add(uint64_t op_id, const std::string& id, int64_t version)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    changes_[op_id] = {id, version};
  }

  // Versions of the items that are there after operation `last`.
  std::map<std::string, int64_t> StateAfter(uint64_t last) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    std::map<std::string, int64_t> state;
    for (const auto& [op_id, change] : changes_) {
      if (op_id > last) break;
      state[change.id] = change.version;
    }
    std::erase_if(state, [](const auto& entry) { return entry.second == 0; });
    return state;
  }

 private:
  struct Change {
    std::string id;
    int64_t version = 0;
  };
  mutable absl::Mutex mutex_;
  std::map<uint64_t, Change> changes_ ABSL_GUARDED_BY(mutex_);
};

// Puts and deletes ids of its own until `stop` is set.
void Write(Collection& collection, int writer, const std::atomic<bool>& stop,
           Journal& journal) {
  std::mt19937_64 random(static_cast<uint64_t>(writer));
  for (int64_t version = 1; !stop; ++version) {
    const std::string id = absl::StrCat(writer, "/", random() % kIdsOfWriter);
    if (random() % 4 == 0) {
      ASSERT_OK_AND_ASSIGN(const auto op_ids, collection.Delete({id}));
      if (op_ids[0] != 0) journal.Add(op_ids[0], id, 0);
    } else {
      ASSERT_OK_AND_ASSIGN(const auto op_ids,
                           collection.Upsert({VersionedPut(id, version)}));
      journal.Add(op_ids[0], id, version);
    }
  }
}

// All that `collection` has, by its list and by exact searches.
void CheckHas(const Collection& collection,
              const std::map<std::string, int64_t>& expected) {
  ASSERT_OK_AND_ASSIGN(const ItemPage page, collection.List("", 1000, {}));
  std::map<std::string, int64_t> listed;
  for (const Item& item : page.items) listed[item.id] = VersionOf(item);
  ASSERT_EQ(listed, expected);
  SearchRequest request;
  request.exact = true;
  for (const auto& [id, version] : expected) {
    request.k = 1;
    request.target = VersionedVector(Space::kSimilar, id, version);
    ASSERT_OK_AND_ASSIGN(const SearchResult result, collection.Search(request));
    ASSERT_EQ(result.hits.size(), 1U);
    ASSERT_EQ(result.hits[0].id, id);
    ASSERT_FLOAT_EQ(result.hits[0].similarity, 1);
  }
}

TEST(LiveSnapshotTest, IsTheCollectionAfterOneOfItsOperations) {
  const testing::TempDir dir;
  auto opened = OpenTestCollection(dir.File("data"), ShortSegments());
  Journal journal;
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back(
        [&, i] { Write(*opened.collection, i, stop, journal); });
  }
  std::vector<SnapshotManifest> manifests;
  uint64_t before = 0;
  for (int i = 0; i < kSnapshots; ++i) {
    while (opened.collection->last_op_id() < before + 100) {
      std::this_thread::yield();
    }
    before = opened.collection->last_op_id();
    const auto manifest =
        opened.set->Snapshot(dir.File(absl::StrCat("snapshot", i)));
    EXPECT_OK(manifest);
    if (!manifest.ok()) break;
    ASSERT_EQ(manifest->collections.size(), 1U);
    // What was acknowledged before it began is in it.
    EXPECT_GE(manifest->collections[0].last_op_id, before);
    manifests.push_back(*manifest);
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  opened = {};
  ASSERT_EQ(manifests.size(), size_t{kSnapshots});
  for (int i = 0; i < kSnapshots; ++i) {
    const std::string snapshot = dir.File(absl::StrCat("snapshot", i));
    ASSERT_OK_AND_ASSIGN(const auto report, VerifyDirectory(snapshot));
    ASSERT_TRUE(report.ok()) << report.problems()[0].what;
    const std::string restored = dir.File(absl::StrCat("restored", i));
    ASSERT_OK(RestoreSnapshot(snapshot, restored));
    const auto again = OpenTestCollection(restored, ShortSegments());
    ASSERT_OK(again.collection->stats().opened);
    const SnapshotManifest::Collection& stands =
        manifests[static_cast<size_t>(i)].collections[0];
    EXPECT_EQ(again.collection->last_op_id(), stands.last_op_id);
    EXPECT_EQ(again.collection->size(), stands.live_items);
    CheckHas(*again.collection, journal.StateAfter(stands.last_op_id));
    ASSERT_FALSE(HasFatalFailure());
  }
}

}  // namespace
}  // namespace likeness
