#include "engine/store/verify_database.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/store/keys.h"
#include "engine/store/records.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::Delete;
using ::likeness::testing::OpenStoreIn;
using ::likeness::testing::UnitPut;

// Everything that a report says, in one text.
std::string TextOf(const VerifyReport& report) {
  std::string text;
  for (const VerifyProblem& problem : report.problems()) {
    absl::StrAppend(&text, problem.where, ": ", problem.what, "\n");
  }
  return text;
}

class VerifyDatabaseTest : public ::testing::Test {
 protected:
  // Five items; one of them replaced, one deleted.
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(dir_.path()));
    for (const char* id : {"a", "b", "c", "d", "e"}) {
      ASSERT_OK(Apply(*opened.store, {UnitPut(id)}));
    }
    ASSERT_OK(Apply(*opened.store, {UnitPut("b"), Delete("c")}));
  }

  // Changes records behind the engine's back; `number` is collection 1.
  template <typename Change>
  void Tamper(const Change& change) {
    rocksdb::DBOptions options;
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const char* name : {"default", "ids", "items", "thumbnails", "vectors",
                             "log", "expiry", "requests"}) {
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    const rocksdb::Status opened =
        rocksdb::DB::Open(options, dir_.File("db"), families, &handles, &raw);
    ASSERT_TRUE(opened.ok()) << opened.ToString();
    const std::unique_ptr<rocksdb::DB> db(raw);
    change(*db, handles);
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  }

  // What a verification says after `change`.
  template <typename Change>
  std::string Found(const Change& change) {
    Tamper(change);
    const auto report = VerifyDatabase(dir_.path());
    EXPECT_OK(report);
    return report.ok() ? TextOf(*report) : "";
  }

  testing::TempDir dir_;
};

using Handles = std::vector<rocksdb::ColumnFamilyHandle*>;
constexpr size_t kCatalog = 0;
constexpr size_t kIds = 1;
constexpr size_t kItems = 2;
constexpr size_t kVectors = 4;
constexpr size_t kLog = 5;

TEST_F(VerifyDatabaseTest, FindsNothingWrongWithWhatTheEngineWrote) {
  ASSERT_OK_AND_ASSIGN(const VerifyReport report, VerifyDatabase(dir_.path()));
  EXPECT_TRUE(report.ok()) << TextOf(report);
  EXPECT_EQ(report.collections, 1U);
  EXPECT_EQ(report.operations, 7U);
  EXPECT_EQ(report.items, 4U);
}

TEST_F(VerifyDatabaseTest, RefusesWhatIsNoDataDirectoryOrInUse) {
  EXPECT_THAT(VerifyDatabase("/no/such/folder"),
              testing::HasCode(absl::StatusCode::kNotFound));
  ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(dir_.path()));
  EXPECT_THAT(VerifyDatabase(dir_.path()),
              testing::HasReason(kReasonDirectoryInUse));
}

TEST_F(VerifyDatabaseTest, NamesAGapInTheLog) {
  EXPECT_THAT(Found([](rocksdb::DB& db, const Handles& handles) {
                db.Delete({}, handles[kLog], OpKey(1, 2));
              }),
              ::testing::HasSubstr("log: operations 2 to 2 are missing"));
}

TEST_F(VerifyDatabaseTest, NamesAnItemWithoutVectors) {
  EXPECT_THAT(Found([](rocksdb::DB& db, const Handles& handles) {
                db.Delete({}, handles[kVectors], OpKey(1, 4));
              }),
              ::testing::HasSubstr("vectors: has records of 3 of 4 items"));
}

TEST_F(VerifyDatabaseTest, NamesAVersionThatShouldBeGone) {
  EXPECT_THAT(Found([](rocksdb::DB& db, const Handles& handles) {
                std::string item;
                db.Get({}, handles[kItems], OpKey(1, 1), &item);
                db.Put({}, handles[kItems], OpKey(1, 3), item);
              }),
              ::testing::HasSubstr("operation 3: items: has a record of a "
                                   "version that is not current"));
}

TEST_F(VerifyDatabaseTest, NamesAnIdThatLeadsToAnotherItem) {
  EXPECT_THAT(Found([](rocksdb::DB& db, const Handles& handles) {
                CurrentVersion version;
                version.op_id = 4;
                db.Put({}, handles[kIds], IdKey(1, "a"),
                       EncodeVersion(version));
              }),
              ::testing::HasSubstr("items: is of item \"d\", the id record "
                                   "says \"a\""));
}

TEST_F(VerifyDatabaseTest, NamesAVectorOfAnotherLength) {
  EXPECT_THAT(Found([](rocksdb::DB& db, const Handles& handles) {
                ItemVectors vectors;
                vectors[Space::kSimilar].assign(testing::kDimensions, 0.25F);
                PerSpace<int> dimensions;
                dimensions[Space::kSimilar] = testing::kDimensions;
                db.Put({}, handles[kVectors], OpKey(1, 4),
                       EncodeVectors(vectors, dimensions));
              }),
              ::testing::HasSubstr("operation 4: its vector 0 in space similar "
                                   "has the length 0.5"));
}

TEST_F(VerifyDatabaseTest, NamesWrongCountsAndStrangers) {
  const std::string found = Found([](rocksdb::DB& db, const Handles& handles) {
    StoreState state;
    state.last_op_id = 7;
    state.live_items = 5;
    db.Put({}, handles[kCatalog], StateKey(1), EncodeState(state));
    db.Put({}, handles[kLog], OpKey(9, 1), "x");
    db.Put({}, handles[kIds], OpKey(0xffffffff, 1), "the last there can be");
  });
  EXPECT_THAT(found, ::testing::HasSubstr("counts 5 items, its log leaves 4"));
  EXPECT_THAT(found, ::testing::HasSubstr(
                         "log: has records of no collection (number 9)"));
  EXPECT_THAT(found,
              ::testing::HasSubstr("ids: has records of no collection (number "
                                   "4294967295)"));
}

TEST_F(VerifyDatabaseTest, NamesEveryDamagedTable) {
  {
    ASSERT_OK(OpenStoreIn(dir_.path()));
  }  // Moves the log into tables.
  std::vector<std::string> damaged;
  for (const std::string& table : testing::FilesBelow(dir_.path(), ".sst")) {
    std::string bytes = testing::ReadFileOrFail(table);
    bytes[8] = static_cast<char>(bytes[8] ^ 1);  // In the first data block.
    testing::OverwriteFile(table, bytes);
    damaged.push_back(table);
  }
  ASSERT_GT(damaged.size(), 1U);
  ASSERT_OK_AND_ASSIGN(const VerifyReport report, VerifyDatabase(dir_.path()));
  for (const std::string& table : damaged) {
    EXPECT_THAT(TextOf(report),
                ::testing::HasSubstr(table.substr(table.rfind('/'))));
  }
}

}  // namespace
}  // namespace likeness
