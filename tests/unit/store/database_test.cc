#include "engine/store/database.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::Put;
using ::likeness::testing::ScanAll;
using ::likeness::testing::StoreSpec;
using ::likeness::testing::TempDir;

TEST(DatabaseTest, ADroppedCollectionsDataLeaveAndItsNumberStaysTaken) {
  const TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(auto opened, testing::OpenStoreIn(dir.path()));
    ASSERT_OK(Apply(*opened.store, {Put("x", 1), Put("y", 2)}));
    opened.store.reset();
    ASSERT_OK(opened.database->DropCollection("a"));
  }
  // The newest number is given away and dropped; a reopen must not reuse it.
  ASSERT_OK_AND_ASSIGN(const auto opened, testing::OpenStoreIn(dir.path()));
  EXPECT_EQ(opened.store->size(), 0U);
  EXPECT_EQ(opened.store->last_op_id(), 0U);
  EXPECT_TRUE(ScanAll(*opened.store).empty());
  EXPECT_THAT(opened.store->Get("x", {}), HasCode(absl::StatusCode::kNotFound));
}

TEST(DatabaseTest, AStoreIsOpenedOnceAtATime) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto opened, testing::OpenStoreIn(dir.path()));
  EXPECT_THAT(opened.database->OpenStore("a"),
              HasCode(absl::StatusCode::kFailedPrecondition));
  opened.store.reset();
  EXPECT_OK(opened.database->OpenStore("a"));
  EXPECT_THAT(opened.database->OpenStore("b"),
              Fails(absl::StatusCode::kNotFound, "\"b\""));
}

TEST(DatabaseTest, ASecondDatabaseOnTheFolderIsRefused) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto first, Database::Open(dir.path(), true));
  EXPECT_THAT(Database::Open(dir.path(), true),
              HasReason(kReasonDirectoryInUse));
}

TEST(DatabaseTest, ADatabaseThatLostItsFilesIsNotMadeAnew) {
  const TempDir dir;
  {
    ASSERT_OK(testing::OpenStoreIn(dir.path()));
  }
  std::filesystem::remove_all(dir.File("db"));
  EXPECT_THAT(Database::Open(dir.path(), true),
              Fails(absl::StatusCode::kDataLoss, "db"));
}

TEST(DatabaseTest, NamesTheVersionOfRocksDb) {
  const std::string version = RocksDbVersion();
  EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2) << version;
}

TEST(ValidateCollectionSpecTest, NamesTheField) {
  EXPECT_OK(ValidateCollectionSpec(StoreSpec("shoes-2_x")));
  for (const std::string& name :
       {std::string(), std::string(129, 'a'), std::string("Shoes"),
        std::string("-a"), std::string("a/b"), std::string("\u00e4")}) {
    EXPECT_THAT(ValidateCollectionSpec(StoreSpec(name)), BlamesField("name"))
        << name;
  }
  CollectionSpec spec = StoreSpec("a");
  spec.dimensions[Space::kCopy] = 4097;
  EXPECT_THAT(ValidateCollectionSpec(spec), BlamesField("dimensions.copy"));
  spec.dimensions[Space::kCopy] = 0;
  spec.dimensions[Space::kSimilar] = 0;
  EXPECT_THAT(ValidateCollectionSpec(spec), BlamesField("dimensions"));
}

}  // namespace
}  // namespace likeness
