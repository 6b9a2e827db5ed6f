// A collection whose rows move into sealed segments.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

using ::likeness::testing::BlamesField;
using ::likeness::testing::OpenedCollection;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::SmallSegments;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;
using ::likeness::testing::VersionOf;

constexpr int kIds = 500;

// Everything is sealed soon, larger segments as graphs.
class SealedSegmentsTest : public ::testing::Test {
 protected:
  Collection& collection() { return *opened_.collection; }

  void Reopen() {
    opened_ = {};
    opened_ = OpenTestCollection(dir_.path(), SmallSegments(50, 150));
  }

  void Put(int id, int64_t version) {
    const std::string name = absl::StrCat(id);
    Mutation put = VersionedPut(name, version);
    if (id % 7 == 0) put.vectors[Space::kCopy].clear();
    ASSERT_OK(collection().Upsert({std::move(put)}));
    model_[name] = version;
  }

  void Remove(int id) {
    const std::string name = absl::StrCat(id);
    ASSERT_OK(collection().Delete({name}));
    model_.erase(name);
  }

  // Items of several versions, some of them deleted.
  void Fill() {
    for (int id = 0; id < kIds; ++id) Put(id, 1);
    for (int id = 0; id < kIds; id += 3) Put(id, 2);
    for (int id = 0; id < kIds; id += 5) Remove(id);
  }

  // Every item is found by its own vector, whatever the index, and nothing
  // else is there.
  void CheckAll() {
    for (const Space space : kAllSpaces) {
      for (const auto& [id, version] : model_) {
        SearchRequest request;
        request.space = space;
        request.k = 1;
        request.target = VersionedVector(space, id, version);
        ASSERT_OK_AND_ASSIGN(const auto result, collection().Search(request));
        if (space == Space::kCopy && std::stoi(id) % 7 == 0) continue;
        ASSERT_EQ(result.hits.size(), 1U);
        ASSERT_EQ(result.hits[0].id, id) << SpaceName(space);
        ASSERT_EQ(VersionOf(*result.hits[0].item), version);
        ASSERT_FLOAT_EQ(result.hits[0].similarity, 1);
      }
    }
    SearchRequest request;
    request.exact = true;
    request.k = 1000;
    request.target = VersionedVector(Space::kSimilar, "any", 1);
    ASSERT_OK_AND_ASSIGN(const auto all, collection().Search(request));
    ASSERT_EQ(all.hits.size(), model_.size());
    ASSERT_TRUE(all.exact);
    for (const Hit& hit : all.hits) ASSERT_EQ(model_.count(hit.id), 1U);
  }

  std::string Folder() const { return dir_.path() + "/segments/1"; }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(Folder())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  std::string FileEndingIn(const std::string& end) const {
    for (const std::string& name : Files()) {
      if (absl::EndsWith(name, end)) return Folder() + "/" + name;
    }
    ADD_FAILURE() << "no file " << end;
    return "";
  }

  const testing::TempDir dir_;
  std::map<std::string, int64_t> model_;
  OpenedCollection opened_ =
      OpenTestCollection(dir_.path(), SmallSegments(50, 150));
};

TEST_F(SealedSegmentsTest, CompactionLeavesOneSegmentOfLiveRows) {
  Fill();
  EXPECT_GT(collection().stats().rows, model_.size());
  ASSERT_OK(collection().Compact());
  const CollectionStats stats = collection().stats();
  EXPECT_EQ(stats.rows, model_.size());
  EXPECT_EQ(stats.dead_rows, 0U);
  EXPECT_EQ(stats.sealed_segments, 1U);
  EXPECT_OK(stats.built);
  CheckAll();
}

TEST_F(SealedSegmentsTest, AStartTakesUpWhatWasSealed) {
  Fill();
  ASSERT_OK(collection().Compact());
  // Beyond what the manifest knows: new, replaced and deleted items.
  Put(1, 3);
  Put(2, 3);
  Remove(4);
  Put(1001, 1);
  Reopen();
  const CollectionStats stats = collection().stats();
  EXPECT_OK(stats.opened);
  EXPECT_EQ(stats.sealed_segments, 1U);
  EXPECT_EQ(stats.rows - stats.dead_rows, model_.size());
  CheckAll();
  Put(3, 4);
  Remove(1001);
  ASSERT_OK(collection().Compact());
  CheckAll();
  Reopen();
  CheckAll();
}

TEST_F(SealedSegmentsTest, ADamagedOrMissingFileIsNamedAndBuiltAnew) {
  Fill();
  for (const bool missing : {false, true}) {
    for (const char* end :
         {"MANIFEST", ".rows", ".fields", ".similar.index", ".copy.index"}) {
      ASSERT_OK(collection().Compact());
      const std::string path = FileEndingIn(end);
      opened_ = {};
      if (missing) {
        fs::remove(path);
      } else {
        std::fstream file(path, std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(fs::file_size(path) / 2));
        const char wrong = static_cast<char>(file.peek() ^ 0x10);
        file.put(wrong);
      }
      Reopen();
      const absl::Status opened = collection().stats().opened;
      if (missing && std::string(end) == "MANIFEST") {
        EXPECT_OK(opened);  // As a directory that has none yet.
      } else {
        EXPECT_TRUE(absl::IsDataLoss(opened)) << opened;
        EXPECT_TRUE(absl::StrContains(opened.message(), path)) << opened;
      }
      CheckAll();
    }
  }
}

TEST_F(SealedSegmentsTest, SegmentsOfAnotherStateOfTheStoreAreRefused) {
  Fill();
  ASSERT_OK(collection().Compact());
  opened_ = {};
  fs::copy(Folder(), dir_.path() + "/kept", fs::copy_options::recursive);
  Reopen();
  for (int id = 0; id < kIds; id += 2) Remove(id);
  ASSERT_OK(collection().Compact());
  opened_ = {};
  // As of an operation that the store knows, so nothing is wrong with it.
  fs::remove_all(Folder());
  fs::copy(dir_.path() + "/kept", Folder(), fs::copy_options::recursive);
  Reopen();
  EXPECT_OK(collection().stats().opened);
  CheckAll();
  // A store that is older than its segments.
  opened_ = {};
  fs::remove_all(dir_.path() + "/kept");
  fs::copy(dir_.path() + "/db", dir_.path() + "/older",
           fs::copy_options::recursive);
  Reopen();
  const auto before = model_;
  for (int id = 0; id < kIds; ++id) Put(id, 9);
  ASSERT_OK(collection().Compact());
  opened_ = {};
  fs::remove_all(dir_.path() + "/db");
  fs::rename(dir_.path() + "/older", dir_.path() + "/db");
  Reopen();
  EXPECT_TRUE(absl::IsDataLoss(collection().stats().opened));
  model_ = before;
  CheckAll();
}

// In sealed, frozen and growing segments alike, before and after a start.
TEST_F(SealedSegmentsTest, FiltersAreExact) {
  Fill();
  const auto check = [this](const std::string& expression) {
    SearchRequest request;
    request.k = 1000;
    request.exact = true;
    request.target = VersionedVector(Space::kSimilar, "any", 1);
    ASSERT_OK_AND_ASSIGN(request.filter, Filter::Parse(expression));
    ASSERT_OK_AND_ASSIGN(const auto result, collection().Search(request));
    std::set<std::string> found;
    for (const Hit& hit : result.hits) found.insert(hit.id);
    std::set<std::string> expected;
    for (const auto& [id, version] : model_) {
      const Metadata metadata = {{"version", version}, {"item.id", id}};
      if (Matches(*request.filter, metadata)) expected.insert(id);
    }
    EXPECT_EQ(found, expected) << expression;
    EXPECT_FALSE(expected.empty()) << expression;
  };
  for (int round = 0; round < 3; ++round) {
    for (const char* expression :
         {"version = 2", "version < 2", "NOT version = 1",
          "item.id = \"3*\" AND version = 2", "item.id = \"17\""}) {
      check(expression);
    }
    if (round == 0) {
      ASSERT_OK(collection().Compact());
    }
    if (round == 1) {
      Put(17, 5);
      Reopen();
    }
  }
  SearchRequest request;
  request.target = VersionedVector(Space::kSimilar, "any", 1);
  ASSERT_OK_AND_ASSIGN(request.filter, Filter::Parse("versoin = 2"));
  EXPECT_THAT(collection().Search(request), BlamesField("filter"));
}

TEST_F(SealedSegmentsTest, LeavesNoFilesBehind) {
  Fill();
  ASSERT_OK(collection().Compact());
  opened_ = {};
  const std::vector<std::string> files = Files();
  EXPECT_EQ(files.size(), 5U);
  for (const char* stray : {"99.rows", "99.similar.index", "98.rows.tmp.1"}) {
    ASSERT_OK(WriteFileDurably(Folder() + "/" + stray, "stray"));
  }
  Reopen();
  EXPECT_EQ(Files().size(), files.size());
  ASSERT_OK(opened_.set->Drop("test"));
  EXPECT_FALSE(fs::exists(Folder()));
}

TEST_F(SealedSegmentsTest, WritersAndSearchesGoOnWhileSegmentsAreBuilt) {
  Fill();
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    while (!done) ASSERT_OK(collection().Compact());
  });
  threads.emplace_back([&] {
    SearchRequest request;
    request.k = 50;
    request.target = VersionedVector(Space::kSimilar, "any", 1);
    while (!done) {
      // A row whose item is not the current one would be DATA_LOSS.
      ASSERT_OK(collection().Search(request));
    }
  });
  for (int round = 0; round < 4; ++round) {
    for (int id = round; id < kIds; id += 2) Put(id, 10 + round);
    for (int id = round; id < kIds; id += 11) Remove(id);
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  CheckAll();
  Reopen();
  EXPECT_OK(collection().stats().opened);
  CheckAll();
}

}  // namespace
}  // namespace likeness
