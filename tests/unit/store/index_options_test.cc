// What the owner of a collection chose of its indexes, as the catalog keeps it.
#include <string>

#include "engine/core/error.h"
#include "engine/store/records.h"
#include "engine/store/restore_snapshot.h"
#include "engine/store/verify_database.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::HasReason;
using ::likeness::testing::StoreSpec;
using ::likeness::testing::TempDir;

const IndexOptions kChosen{VectorCode::kInt8, 24, 200, 1000, 0.95F,
                           IndexKind::kIvf,   77};

absl::StatusOr<IndexOptions> StoredOptions(const std::string& folder) {
  const auto database = Database::Open(folder, /*create=*/false);
  if (!database.ok()) return database.status();
  return (*database)->ListCollections().front().index;
}

TEST(StoredIndexOptionsTest, SurviveAReopenAndASnapshot) {
  const TempDir dir;
  const std::string data = dir.File("data");
  {
    ASSERT_OK_AND_ASSIGN(const auto database, Database::Open(data, true));
    CollectionSpec spec = StoreSpec("a");
    spec.index = kChosen;
    ASSERT_OK(database->CreateCollection(spec));
  }
  ASSERT_OK_AND_ASSIGN(IndexOptions read, StoredOptions(data));
  EXPECT_EQ(read, kChosen);
  const IndexOptions changed{.code = VectorCode::kBfloat16};
  {
    ASSERT_OK_AND_ASSIGN(const auto database, Database::Open(data, false));
    ASSERT_OK(database->SetIndexOptions("a", changed));
    EXPECT_EQ(database->ListCollections().front().index, changed);
    ASSERT_OK(database->Snapshot(dir.File("snapshot")));
  }
  ASSERT_OK(RestoreSnapshot(dir.File("snapshot"), dir.File("restored")));
  ASSERT_OK_AND_ASSIGN(read, StoredOptions(dir.File("restored")));
  EXPECT_EQ(read, changed);
  ASSERT_OK_AND_ASSIGN(const VerifyReport report,
                       VerifyDatabase(dir.File("restored")));
  EXPECT_TRUE(report.ok());
}

TEST(StoredIndexOptionsTest, ARecordWithoutThemLeavesAllToTheRule) {
  const StoredCollection made{7, StoreSpec("a")};
  const std::string bytes = EncodeCollection(made);
  ASSERT_OK_AND_ASSIGN(const StoredCollection read, DecodeCollection(bytes));
  EXPECT_EQ(read.spec.index, IndexOptions());
  // Field 7 of the record, of wire type 2, is the only thing that is added.
  StoredCollection chosen = made;
  chosen.spec.index.m = 16;
  EXPECT_EQ(EncodeCollection(chosen), bytes + "\x3a\x02\x10\x10");
}

TEST(StoredIndexOptionsTest, WhatIsOutOfRangeIsRefused) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto database, Database::Open(dir.path(), true));
  CollectionSpec spec = StoreSpec("a");
  spec.index.m = 1;
  EXPECT_THAT(database->CreateCollection(spec), BlamesField("index.m"));
  spec.index.m.reset();
  ASSERT_OK(database->CreateCollection(spec));
  EXPECT_THAT(database->SetIndexOptions("a", {.recall_target = 1.0F}),
              BlamesField("index.recall_target"));
  EXPECT_THAT(database->SetIndexOptions("b", {}),
              Fails(absl::StatusCode::kNotFound, "b"));
  const StoredCollection broken{7, spec};
  EXPECT_THAT(DecodeCollection(EncodeCollection(broken) + "\x3a\x02\x10\x01"),
              HasReason(kReasonCorruptData));
}

}  // namespace
}  // namespace likeness
