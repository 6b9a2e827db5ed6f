// What a verification of the index finds, and what a repair makes of it.
#include "engine/collection/verify_directory.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/collection/repair_directory.h"
#include "engine/collection/sealed_segment.h"
#include "engine/collection/segment_manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

using ::likeness::testing::FilesBelow;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::OverwriteFile;
using ::likeness::testing::ReadFileOrFail;
using ::likeness::testing::SmallSegments;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;
using ::testing::HasSubstr;

constexpr int kPuts = 300;

class VerifyDirectoryTest : public ::testing::Test {
 protected:
  // Sealed rows, some of them dead, and some items that are not sealed.
  static void Fill(const std::string& folder, int64_t version) {
    const auto opened = OpenTestCollection(folder, SmallSegments(50, 100));
    for (int id = 0; id < kPuts; ++id) Put(*opened.collection, id, version);
    ASSERT_OK(opened.collection->Compact());
    for (int id = 0; id < 10; ++id) Put(*opened.collection, id, version + 1);
    ASSERT_OK(opened.collection->Delete({"20"}));
  }
  static void Put(Collection& collection, int id, int64_t version) {
    ASSERT_OK(collection.Upsert({VersionedPut(absl::StrCat(id), version)}));
  }

  void SetUp() override { Fill(Data(), 1); }

  std::string Data() const { return dir_.File("data"); }
  std::string Segments() const { return Data() + "/segments/1"; }

  // All that a verification says.
  std::string Problems() const {
    const auto report = VerifyDirectory(Data());
    EXPECT_OK(report);
    std::string all;
    if (!report.ok()) return all;
    for (const VerifyProblem& problem : report->problems()) {
      absl::StrAppend(&all, problem.where, ": ", problem.what, "\n");
    }
    EXPECT_EQ(report->ok(), all.empty());
    return all;
  }

  // Replaces the manifest by one that is sound, and wrong.
  void ChangeManifest(const std::function<void(SealedViews&)>& change) {
    auto sealed = OpenManifest(Segments(), TestSpec().dimensions);
    ASSERT_OK(sealed);
    change(*sealed);
    ASSERT_OK(WriteManifest(Segments(), *sealed));
  }

  void CheckRepair() {
    ASSERT_OK_AND_ASSIGN(const RepairReport repaired, RepairDirectory(Data()));
    EXPECT_TRUE(repaired.ok());
    EXPECT_FALSE(repaired.before.ok());
    ASSERT_EQ(repaired.moved.size(), 1U);
    EXPECT_TRUE(fs::exists(repaired.moved[0].to));
    ASSERT_EQ(repaired.rebuilt.size(), 1U);
    EXPECT_EQ(repaired.rebuilt[0].ToString(), "test");
    EXPECT_EQ(Problems(), "");
    ASSERT_OK_AND_ASSIGN(const RepairReport again, RepairDirectory(Data()));
    EXPECT_TRUE(again.ok());
    EXPECT_TRUE(again.moved.empty());
    EXPECT_TRUE(again.rebuilt.empty());
    const auto opened = OpenTestCollection(Data(), SmallSegments(50, 100));
    EXPECT_OK(opened.collection->stats().opened);
    EXPECT_EQ(opened.collection->size(), static_cast<uint64_t>(kPuts - 1));
  }

  const TempDir dir_;
};

TEST_F(VerifyDirectoryTest, SaysWhatItReadAndHowGoodSearchesAre) {
  ASSERT_OK_AND_ASSIGN(const VerifyReport report, VerifyDirectory(Data()));
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.segments, 1U);
  EXPECT_EQ(report.rows, static_cast<uint64_t>(kPuts));
  ASSERT_EQ(report.recall.size(), 2U);
  for (const RecallSample& sample : report.recall) {
    EXPECT_EQ(sample.name.ToString(), "test");
    EXPECT_EQ(sample.searches, 100U);
    EXPECT_EQ(sample.neighbors, 1000U);
    EXPECT_LE(sample.found, 1000U);
    EXPECT_GT(sample.found, 0U);
  }
}

TEST_F(VerifyDirectoryTest, FlippedBitsInSegmentsAreNamedAndMended) {
  for (const std::string& path : FilesBelow(Segments())) {
    const std::string good = ReadFileOrFail(path);
    int found = 0;
    // Index files have zeros between their parts, which nobody reads.
    const bool padded = absl::EndsWith(path, ".index");
    for (size_t i = 0; i < 6; ++i) {
      std::string bad = good;
      const size_t place = good.size() * i / 6 + (padded ? 5 : 0);
      bad[place] = static_cast<char>(bad[place] ^ 0x10);
      OverwriteFile(path, bad);
      const std::string problems = Problems();
      if (padded && problems.empty()) continue;
      EXPECT_THAT(problems, HasSubstr(path)) << place;
      ++found;
    }
    EXPECT_GT(found, 1) << path;
    OverwriteFile(path, good);
  }
  EXPECT_EQ(Problems(), "");
}

TEST_F(VerifyDirectoryTest, AMissingFileIsNamedAndMended) {
  for (const char* end : {".rows", ".fields", ".copy.index"}) {
    const std::string path = FilesBelow(Segments(), end).at(0);
    fs::remove(path);
    EXPECT_THAT(Problems(), HasSubstr(path));
    CheckRepair();
  }
}

TEST_F(VerifyDirectoryTest, ARowThatIsDeadAndShouldNotBeIsFound) {
  ChangeManifest([](SealedViews& sealed) {
    auto live = std::make_shared<Bitmap>(*sealed.segments[0].live);
    live->Clear(100);
    sealed.segments[0].live = std::move(live);
  });
  EXPECT_THAT(Problems(), HasSubstr("operation 101 wrote an item, which is "
                                    "dead in segment"));
  CheckRepair();
}

TEST_F(VerifyDirectoryTest, ARowThatIsLiveAndShouldNotBeIsFound) {
  {
    const auto opened = OpenTestCollection(Data(), SmallSegments(50, 100));
    for (int id = 30; id < 70; ++id) Put(*opened.collection, id, 3);
  }
  ChangeManifest([](SealedViews& sealed) {
    sealed.op_id += 1000;  // Whoever reads the log from here misses them.
  });
  EXPECT_THAT(Problems(), HasSubstr("the segments know operation"));
  ChangeManifest([](SealedViews& sealed) { sealed.op_id -= 1000 - 5; });
  EXPECT_THAT(Problems(), HasSubstr(", row 0"));
  CheckRepair();
}

TEST_F(VerifyDirectoryTest, AnItemThatNoSegmentHasIsFound) {
  ChangeManifest([&](SealedViews& sealed) {
    auto live = std::make_shared<Bitmap>(*sealed.segments[0].live);
    live->Clear(100);
    sealed.segments[0].live = std::move(live);
    ASSERT_OK(WriteSegment(Segments(), /*number=*/99, sealed.segments,
                           SmallSegments(50, 100), nullptr));
    ASSERT_OK_AND_ASSIGN(
        const auto without,
        SealedSegment::Open(Segments(), 99, TestSpec().dimensions));
    auto all = std::make_shared<Bitmap>();
    all->Grow(without->size(), true);
    sealed.segments.clear();
    sealed.segments.push_back({without, std::move(all), without->fields()});
  });
  EXPECT_THAT(Problems(),
              HasSubstr("operation 101 wrote an item that is in no segment"));
  CheckRepair();
}

TEST_F(VerifyDirectoryTest, AnotherVectorAndAnotherFieldAreFound) {
  // The same operations with other contents.
  const std::string other = dir_.File("other");
  Fill(other, 7);
  for (const char* end : {".similar.index", ".fields"}) {
    const std::string path = FilesBelow(Segments(), end).at(0);
    const std::string good = ReadFileOrFail(path);
    OverwriteFile(path, ReadFileOrFail(FilesBelow(other, end).at(0)));
    EXPECT_THAT(Problems(),
                HasSubstr(absl::StrContains(end, "index")
                              ? "has another vector of the space similar"
                              : "the fields are not those of the items"));
    OverwriteFile(path, good);
  }
  EXPECT_EQ(Problems(), "");
}

TEST_F(VerifyDirectoryTest, BothGenerationsAreCheckedAndMended) {
  {
    ASSERT_OK_AND_ASSIGN(
        const auto set,
        CollectionSet::Open(Data(), /*create=*/false, SmallSegments(50, 100)));
    ASSERT_OK(set->BeginModelChange("test", "new", TestSpec().dimensions));
    ASSERT_OK_AND_ASSIGN(const Generations both, set->GetGenerations("test"));
    ASSERT_OK_AND_ASSIGN(auto operations,
                         both.current->ListOperations(0, 1000));
    for (Operation& operation : operations) {
      if (operation.kind != Operation::Kind::kPut) continue;
      operation.item.model_id = "new";
      ASSERT_OK_AND_ASSIGN(operation.vectors,
                           both.current->GetVectors(operation.item.id));
    }
    ASSERT_OK(both.other->Follow(std::move(operations)));
    ASSERT_OK(both.other->Compact());
  }
  ASSERT_OK_AND_ASSIGN(const VerifyReport report, VerifyDirectory(Data()));
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.segments, 2U);
  ASSERT_EQ(report.recall.size(), 4U);
  EXPECT_EQ(report.recall.back().name.ToString(), "test, other generation");

  const std::string path = FilesBelow(Data() + "/segments/2", ".rows").at(0);
  OverwriteFile(path, ReadFileOrFail(path).substr(1));
  EXPECT_THAT(Problems(),
              HasSubstr("index of collection \"test, other generation\": "));
  const std::vector<std::string> sound = FilesBelow(Segments());
  ASSERT_OK_AND_ASSIGN(const RepairReport repaired, RepairDirectory(Data()));
  EXPECT_TRUE(repaired.ok());
  ASSERT_EQ(repaired.moved.size(), 1U);
  EXPECT_EQ(repaired.moved[0].from, Data() + "/segments/2");
  ASSERT_EQ(repaired.rebuilt.size(), 1U);
  EXPECT_TRUE(repaired.rebuilt[0].is_other);
  EXPECT_EQ(FilesBelow(Segments()), sound);
  EXPECT_EQ(FilesBelow(Data() + "/segments/2").size(), 5U);
  EXPECT_EQ(Problems(), "");
  ASSERT_OK_AND_ASSIGN(
      const auto set,
      CollectionSet::Open(Data(), /*create=*/false, SmallSegments(50, 100)));
  ASSERT_OK_AND_ASSIGN(const Generations both, set->GetGenerations("test"));
  EXPECT_OK(both.other->stats().opened);
  EXPECT_EQ(both.other->stats().sealed_segments, 1U);
  EXPECT_EQ(both.other->size(), static_cast<uint64_t>(kPuts - 1));
}

TEST_F(VerifyDirectoryTest, ADamagedStoreIsLeftAsItIs) {
  {
    const auto opened = OpenTestCollection(Data(), SmallSegments(50, 100));
  }
  const std::string table = FilesBelow(Data() + "/db", ".sst").at(0);
  std::string bad = ReadFileOrFail(table);
  bad[40] = static_cast<char>(bad[40] ^ 0x10);
  OverwriteFile(table, bad);
  const std::vector<std::string> files = FilesBelow(Data());
  ASSERT_OK_AND_ASSIGN(const RepairReport report, RepairDirectory(Data()));
  EXPECT_FALSE(report.ok());
  EXPECT_FALSE(report.after.has_value());
  EXPECT_EQ(FilesBelow(Data()), files);
  EXPECT_EQ(ReadFileOrFail(table), bad);
}

TEST_F(VerifyDirectoryTest, ASnapshotIsNotRepaired) {
  {
    const auto opened = OpenTestCollection(Data(), SmallSegments(50, 100));
    ASSERT_OK(opened.set->Snapshot(dir_.File("snapshot")));
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(
      RepairDirectory(dir_.File("snapshot")).status()));
}

}  // namespace
}  // namespace likeness
