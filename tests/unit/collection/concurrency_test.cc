// What holds while many threads use a collection; also run under tsan.
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/embedded_collection.h"
#include "engine/index/flat_index.h"
#include "engine/store/database.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;
using ::likeness::testing::VersionOf;

constexpr int kWriters = 4;
constexpr int kReaders = 2;

SearchRequest Near(const std::string& id, int64_t version,
                   Space space = Space::kSimilar) {
  SearchRequest request;
  request.space = space;
  request.target = VersionedVector(space, id, version);
  return request;
}

// A writer sees its own write at once; nobody ever sees one item twice, or a
// deleted one.
TEST(ConcurrencyTest, AcknowledgedWritesAreVisibleToEveryLaterSearch) {
  const TempDir dir;
  const auto opened = OpenTestCollection(dir.path());
  Collection& collection = *opened.collection;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int64_t version = 1; version <= 40; ++version) {
        const std::string id = absl::StrCat("w", writer, "/", version % 7);
        ASSERT_OK_AND_ASSIGN(const auto op_ids,
                             collection.Upsert({VersionedPut(id, version)}));
        SearchRequest request = Near(id, version);
        request.k = 1;
        request.min_op_id = op_ids[0];
        ASSERT_OK_AND_ASSIGN(SearchResult result, collection.Search(request));
        ASSERT_EQ(result.hits.size(), 1U);
        ASSERT_EQ(result.hits[0].id, id);
        ASSERT_EQ(VersionOf(*result.hits[0].item), version);
        if (version % 3 != 0) continue;
        ASSERT_OK(collection.Delete({id}));
        ASSERT_OK_AND_ASSIGN(result, collection.Search(request));
        for (const Hit& hit : result.hits) ASSERT_NE(hit.id, id);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
}

// The versions of "left" and "right" are written together, so every search must
// find them equal, in either space: never short, never mixed.
TEST(ConcurrencyTest, ASearchSeesOneState) {
  const TempDir dir;
  const auto opened = OpenTestCollection(dir.path());
  Collection& collection = *opened.collection;
  ASSERT_OK(
      collection.Upsert({VersionedPut("left", 1), VersionedPut("right", 1)}));
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < kReaders; ++reader) {
    readers.emplace_back([&, reader] {
      const Space space = reader % 2 == 0 ? Space::kSimilar : Space::kCopy;
      uint64_t newest = 0;
      while (!done) {
        ASSERT_OK_AND_ASSIGN(const SearchResult result,
                             collection.Search(Near("left", 1, space)));
        ASSERT_EQ(result.hits.size(), 2U);
        ASSERT_NE(result.hits[0].id, result.hits[1].id);
        ASSERT_EQ(VersionOf(*result.hits[0].item),
                  VersionOf(*result.hits[1].item));
        ASSERT_GE(result.op_id, newest);
        newest = result.op_id;
        ASSERT_OK_AND_ASSIGN(const ItemPage page, collection.List("", 10, {}));
        ASSERT_EQ(page.items.size(), 2U);
        ASSERT_EQ(VersionOf(page.items[0]), VersionOf(page.items[1]));
      }
    });
  }
  for (int64_t version = 2; version < 300; ++version) {
    ASSERT_OK(collection.Upsert(
        {VersionedPut("left", version), VersionedPut("right", version)}));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

TEST(ConcurrencyTest, ACollectionMayBeDroppedWhileItIsUsed) {
  const TempDir dir;
  const auto opened = OpenTestCollection(dir.path());
  std::atomic<int> written = 0;
  std::vector<std::thread> users;
  for (int user = 0; user < kWriters; ++user) {
    users.emplace_back([&, user] {
      absl::Status status;
      for (int64_t version = 1; status.ok(); ++version) {
        const std::string id = absl::StrCat(user, "/", version % 9);
        status =
            opened.collection->Upsert({VersionedPut(id, version)}).status();
        ASSERT_OK(opened.collection->Search(Near(id, version)));
        ++written;
      }
      ASSERT_TRUE(absl::IsFailedPrecondition(status)) << status;
    });
  }
  while (written < 50) std::this_thread::yield();
  ASSERT_OK(opened.set->Drop("test"));
  ASSERT_OK(opened.set->Create(TestSpec()));
  for (std::thread& user : users) user.join();
  ASSERT_OK_AND_ASSIGN(const auto fresh, opened.set->Get("test"));
  EXPECT_EQ(fresh->size(), 0U);
}

TEST(ConcurrencyTest, ACollectionMayBeCompactedWhileItIsWritten) {
  const TempDir dir;
  const auto opened = OpenTestCollection(dir.path());
  Collection& collection = *opened.collection;
  std::atomic<bool> done = false;
  std::vector<int64_t> versions(kWriters, 0);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      int64_t& version = versions[static_cast<size_t>(writer)];
      while (!done) {
        ASSERT_OK(collection.Upsert(
            {VersionedPut(absl::StrCat(writer), version + 1)}));
        ++version;
      }
    });
  }
  for (int round = 0; round < 20; ++round) ASSERT_OK(collection.Compact());
  done = true;
  for (std::thread& thread : writers) thread.join();
  for (int writer = 0; writer < kWriters; ++writer) {
    const int64_t version = versions[static_cast<size_t>(writer)];
    ASSERT_OK_AND_ASSIGN(const Item item,
                         collection.Get(absl::StrCat(writer), {}));
    EXPECT_EQ(VersionOf(item), version);
  }
}

TEST(ConcurrencyTest, ConcurrentWritersShareSyncs) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto database, Database::Open(dir.path(), true));
  ASSERT_OK(database->CreateCollection(TestSpec()));
  ASSERT_OK_AND_ASSIGN(auto store, database->OpenStore("test"));
  ASSERT_OK_AND_ASSIGN(
      auto collection,
      EmbeddedCollection::Open(TestSpec(), std::move(store), MakeFlatIndex));
  constexpr int kThreads = 16;
  constexpr int kWrites = 100;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kThreads; ++writer) {
    writers.emplace_back([&, writer] {
      for (int64_t version = 1; version <= kWrites; ++version) {
        ASSERT_OK(
            collection->Upsert({VersionedPut(absl::StrCat(writer), version)}));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(collection->last_op_id(), uint64_t{kThreads} * kWrites);
  EXPECT_EQ(collection->size(), uint64_t{kThreads});
  // One synced write a group.
  EXPECT_LT(collection->commit_groups(), uint64_t{kThreads} * kWrites);
  RecordProperty("groups", static_cast<int>(collection->commit_groups()));
}

}  // namespace
}  // namespace likeness
