// Deleting what passes a filter.
#include "engine/collection/delete_matching.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::HasCode;
using ::likeness::testing::OpenedCollection;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionOf;

SegmentOptions GrowingSegments() {
  SegmentOptions options;
  options.growing_rows = 700;
  return options;
}

class DeleteMatchingTest : public ::testing::Test {
 protected:
  Collection& collection() { return *opened_.collection; }

  // Puts items `begin` to `end` - 1 of `version`.
  void Put(int begin, int end, int64_t version) {
    std::vector<Mutation> puts;
    for (int id = begin; id < end; ++id) {
      puts.push_back(VersionedPut(absl::StrCat(id), version));
    }
    ASSERT_OK(collection().Upsert(std::move(puts)));
  }

  static DeleteRequest Matching(const std::string& expression) {
    DeleteRequest request;
    auto filter = Filter::Parse(expression);
    EXPECT_OK(filter);
    if (filter.ok()) request.filter = *std::move(filter);
    return request;
  }

  // The versions there are, by id.
  std::map<std::string, int64_t> All() {
    std::map<std::string, int64_t> all;
    std::string start;
    do {
      auto page = collection().List(start, 1000, {});
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const Item& item : page->items) all[item.id] = VersionOf(item);
      start = page->next_id;
    } while (!start.empty());
    return all;
  }

  const testing::TempDir dir_;
  OpenedCollection opened_ = OpenTestCollection(dir_.path(), GrowingSegments());
};

// In sealed, frozen and growing segments, in more than one batch.
TEST_F(DeleteMatchingTest, DeletesWhatPassesAndNothingElse) {
  Put(0, 1500, 1);
  ASSERT_OK(collection().Compact());
  Put(1500, 3000, 1);
  Put(100, 400, 2);
  ASSERT_OK_AND_ASSIGN(const DeleteResult result,
                       collection().DeleteMatching(Matching("version = 1")));
  EXPECT_OK(result.ended);
  EXPECT_EQ(result.matched, 2700U);
  EXPECT_EQ(result.deleted, 2700U);
  EXPECT_EQ(result.changed, 0U);
  EXPECT_EQ(result.op_id, 3300U);
  EXPECT_EQ(result.last_op_id, 3300U + 2700U);
  const auto left = All();
  EXPECT_EQ(left.size(), 300U);
  for (const auto& [id, version] : left) EXPECT_EQ(version, 2) << id;
  opened_ = {};
  opened_ = OpenTestCollection(dir_.path(), GrowingSegments());
  EXPECT_EQ(All(), left);
}

TEST_F(DeleteMatchingTest, WhatIsChangedMeanwhileStaysAndIsCounted) {
  Put(0, 1200, 1);
  DeleteRequest request = Matching("version = 1");
  bool first = true;
  request.still_wanted = [&]() -> absl::Status {
    if (!first) return absl::OkStatus();
    first = false;
    // One that is still to be deleted gets a new version that does not pass,
    // one a new version that would pass again, one goes by another's hand.
    Put(7, 8, 2);
    Put(1100, 1101, 1);
    return collection().Delete({"9"}).status();
  };
  ASSERT_OK_AND_ASSIGN(const DeleteResult result,
                       collection().DeleteMatching(request));
  EXPECT_EQ(result.matched, 1200U);
  EXPECT_EQ(result.deleted, 1197U);
  EXPECT_EQ(result.changed, 3U);
  EXPECT_EQ(All(), (std::map<std::string, int64_t>{{"7", 2}, {"1100", 1}}));
}

TEST_F(DeleteMatchingTest, ADryRunCountsAndChangesNothing) {
  Put(0, 1000, 1);
  Put(10, 30, 2);
  DeleteRequest request = Matching("version = 2 OR item.id = \"5\"");
  request.dry_run = true;
  ASSERT_OK_AND_ASSIGN(const DeleteResult result,
                       collection().DeleteMatching(request));
  EXPECT_EQ(result.matched, 21U);
  EXPECT_EQ(result.deleted, 0U);
  EXPECT_EQ(result.last_op_id, 0U);
  EXPECT_EQ(collection().last_op_id(), 1020U);
  EXPECT_EQ(collection().size(), 1000U);
}

TEST_F(DeleteMatchingTest, EverythingIsDeletedOnlyWhenThatIsAskedFor) {
  Put(0, 20, 1);
  EXPECT_THAT(collection().DeleteMatching({}), BlamesField("filter"));
  EXPECT_THAT(collection().DeleteMatching(Matching("   ")),
              BlamesField("filter"));
  DeleteRequest both = Matching("version = 1");
  both.all_items = true;
  EXPECT_THAT(collection().DeleteMatching(both), BlamesField("all_items"));
  EXPECT_THAT(collection().DeleteMatching(Matching("versoin = 1")),
              BlamesField("filter"));
  EXPECT_EQ(collection().size(), 20U);
  DeleteRequest all;
  all.all_items = true;
  ASSERT_OK_AND_ASSIGN(const DeleteResult result,
                       collection().DeleteMatching(all));
  EXPECT_EQ(result.deleted, 20U);
  EXPECT_EQ(collection().size(), 0U);
}

TEST_F(DeleteMatchingTest, OneThatEndsEarlySaysHowFarItCameAndCanGoOn) {
  Put(0, 600, 1);
  Put(600, 1500, 1);
  DeleteRequest request = Matching("version = 1");
  int batches = 0;
  request.still_wanted = [&batches]() -> absl::Status {
    return ++batches > 1 ? absl::CancelledError("enough") : absl::OkStatus();
  };
  ASSERT_OK_AND_ASSIGN(DeleteResult result,
                       collection().DeleteMatching(request));
  EXPECT_THAT(result.ended, HasCode(absl::StatusCode::kCancelled));
  EXPECT_EQ(result.matched, 1500U);
  EXPECT_GT(result.deleted, 0U);
  EXPECT_LT(result.deleted, 1500U);
  EXPECT_EQ(collection().size(), 1500U - result.deleted);
  const uint64_t before = result.deleted;
  request.still_wanted = nullptr;
  ASSERT_OK_AND_ASSIGN(result, collection().DeleteMatching(request));
  EXPECT_EQ(result.deleted, 1500U - before);
  EXPECT_EQ(collection().size(), 0U);
}

}  // namespace
}  // namespace likeness
