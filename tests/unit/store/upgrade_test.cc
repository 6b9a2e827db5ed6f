// A data directory of an older format.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::OpenedStore;
using ::likeness::testing::OpenStoreIn;
using ::likeness::testing::Put;
using ::likeness::testing::ScanAll;

constexpr char kFormat1[] = "likeness data directory\nversion 1\nready\n";

// Takes from `folder` what version 1 did not have.
void MakeVersion1(const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/db");
  std::vector<std::string> names;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, path, families, &handles, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    if (handle->GetName() == "expiry" || handle->GetName() == "requests") {
      ASSERT_TRUE(db->DropColumnFamily(handle).ok());
    }
    ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  }
  ASSERT_OK(WriteFileDurably(absl::StrCat(folder, "/FORMAT"), kFormat1));
}

TEST(UpgradeTest, ADirectoryOfVersion1IsUpgradedAndKeepsItsItems) {
  const testing::TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const OpenedStore opened, OpenStoreIn(dir.path()));
    ASSERT_OK(Apply(*opened.store, {Put("a", 1), Put("b", 2)}));
  }
  MakeVersion1(dir.path());
  for (int start = 0; start < 2; ++start) {
    ASSERT_OK_AND_ASSIGN(const OpenedStore opened, OpenStoreIn(dir.path()));
    EXPECT_EQ(ScanAll(*opened.store).size(), 2U);
    ASSERT_OK_AND_ASSIGN(const std::string format,
                         ReadFile(dir.File("FORMAT"), 4096));
    EXPECT_EQ(format, "likeness data directory\nversion 2\nready\n");
    Mutation put = Put("b", 3);
    put.item.expires = absl::FromUnixSeconds(5);
    std::vector<AtomicWrite> writes = {{{put}, "one"}};
    ASSERT_OK_AND_ASSIGN(const Committed done, opened.store->Apply(writes));
    EXPECT_EQ(done.results[0]->front().op_id, 3U);
    ASSERT_OK_AND_ASSIGN(const auto expired, opened.store->ListExpired(
                                                 absl::FromUnixSeconds(5), 10));
    ASSERT_EQ(expired.size(), 1U);
    EXPECT_EQ(expired[0].op_id, 3U);
  }
}

TEST(UpgradeTest, AnUpgradeThatWasCutOffGoesOn) {
  const testing::TempDir dir;
  {
    ASSERT_OK_AND_ASSIGN(const OpenedStore opened, OpenStoreIn(dir.path()));
    ASSERT_OK(Apply(*opened.store, {Put("a", 1)}));
  }
  MakeVersion1(dir.path());
  ASSERT_OK(WriteFileDurably(
      dir.File("FORMAT"), "likeness data directory\nversion 2\nupgrading\n"));
  ASSERT_OK_AND_ASSIGN(const OpenedStore opened, OpenStoreIn(dir.path()));
  EXPECT_EQ(ScanAll(*opened.store).size(), 1U);
}

// A family that version 2 has must not be made anew when it is lost.
TEST(UpgradeTest, AReadyDirectoryWithoutAFamilyIsDamaged) {
  const testing::TempDir dir;
  {
    ASSERT_OK(OpenStoreIn(dir.path()));
  }
  MakeVersion1(dir.path());
  ASSERT_OK(WriteFileDurably(dir.File("FORMAT"),
                             "likeness data directory\nversion 2\nready\n"));
  EXPECT_THAT(OpenStoreIn(dir.path()),
              testing::HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace likeness
