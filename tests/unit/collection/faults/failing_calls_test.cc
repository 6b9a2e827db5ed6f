// A collection on a disk whose n-th call fails, for every n: it answers rightly
// all the while, what was acknowledged is there after a restart, and what
// failed happened as a whole or not at all.
#include "tests/support/failing_calls.h"

#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/collection/verify_directory.h"
#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::CallFault;
using ::likeness::testing::FailingCalls;
using ::likeness::testing::OpenedCollection;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::TempDir;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;
using ::likeness::testing::VersionOf;
using Kind = ::likeness::testing::CallFault::Kind;

// Versions of items; 0 or absent: there is none.
using Versions = std::map<std::string, int64_t>;

// Everything is tried, in this order; version 0 deletes.
const std::vector<Versions>& Script() {
  static const auto& script = *new std::vector<Versions>{
      {{"a", 1}}, {{"b", 2}, {"c", 3}}, {{"b", 0}}, {{"a", 4}}, {{"d", 5}}};
  return script;
}

absl::Status Apply(Collection& collection, const Versions& changes) {
  if (changes.begin()->second == 0) {
    return collection.Delete({changes.begin()->first}).status();
  }
  std::vector<Mutation> puts;
  for (const auto& [id, version] : changes) {
    puts.push_back(VersionedPut(id, version));
  }
  return collection.Upsert(std::move(puts)).status();
}

Versions After(Versions before, const Versions& changes) {
  for (const auto& [id, version] : changes) before[id] = version;
  std::erase_if(before, [](const auto& entry) { return entry.second == 0; });
  return before;
}

// What the collection has, by its list and by searches.
Versions Found(const Collection& collection) {
  Versions found;
  const auto page = collection.List("", 1000, {});
  EXPECT_OK(page);
  if (!page.ok()) return found;
  for (const Item& item : page->items) {
    found[item.id] = VersionOf(item);
    SearchRequest request;
    request.k = 1;
    request.exact = true;
    request.target = VersionedVector(Space::kSimilar, item.id, found[item.id]);
    const auto result = collection.Search(request);
    EXPECT_OK(result);
    if (!result.ok() || result->hits.size() != 1) return found;
    EXPECT_EQ(result->hits[0].id, item.id);
    EXPECT_NEAR(result->hits[0].similarity, 1, 1e-5);
  }
  EXPECT_EQ(collection.size(), found.size());
  return found;
}

// What is found in `folder` when it is opened.
Versions FoundIn(const std::string& folder) {
  const auto report = VerifyDirectory(folder);
  EXPECT_OK(report);
  if (report.ok() && !report->ok()) {
    ADD_FAILURE() << report->problems()[0].where << ": "
                  << report->problems()[0].what;
  }
  return Found(*OpenTestCollection(folder).collection);
}

// One data directory, and one call that fails.
class WriteTrial {
 public:
  // Runs the script while call `n` fails, and checks what is there afterwards;
  // whether the call was reached.
  bool Check(uint64_t n, Kind kind, int error) {
    EXPECT_OK(Apply(*opened_.collection, {{"first", 1}}));
    acknowledged_["first"] = 1;
    possible_ = {acknowledged_};
    const bool reached = RunScript({dir_.path(), n, kind, error});
    EXPECT_TRUE(possible_.contains(FoundInCopy()));
    // The disk works again.
    const absl::Status last = Apply(*opened_.collection, {{"last", 9}});
    if (!last.ok()) {
      EXPECT_TRUE(absl::StrContains(last.message(), "read-only until")) << last;
      EXPECT_EQ(error, EIO) << last;
      opened_ = {};
      opened_ = OpenTestCollection(dir_.path());
      const Versions found = Found(*opened_.collection);
      EXPECT_TRUE(possible_.contains(found));
      acknowledged_ = found;
      EXPECT_OK(Apply(*opened_.collection, {{"last", 9}}));
    }
    acknowledged_["last"] = 9;
    EXPECT_EQ(Found(*opened_.collection), acknowledged_);
    EXPECT_EQ(FoundInCopy(), acknowledged_);
    return reached;
  }

 private:
  // Runs the script with `fault`; whether the call that fails was reached.
  bool RunScript(const CallFault& fault) {
    const FailingCalls calls(fault);
    for (const Versions& changes : Script()) {
      const absl::Status status = Apply(*opened_.collection, changes);
      if (status.ok()) {
        acknowledged_ = After(acknowledged_, changes);
        possible_ = {acknowledged_};
      } else {
        EXPECT_EQ(ReasonOf(status), kReasonStorageFailed) << status;
        possible_.insert(After(acknowledged_, changes));
      }
      EXPECT_EQ(Found(*opened_.collection), acknowledged_);
    }
    return calls.reached();
  }

  // As a crash would leave it.
  Versions FoundInCopy() const {
    const TempDir copy;
    testing::CopyAsKilled(dir_.path(), copy.path());
    return FoundIn(copy.path());
  }

  TempDir dir_;
  OpenedCollection opened_ = OpenTestCollection(dir_.path());
  Versions acknowledged_;
  std::set<Versions> possible_;
};

// A trial for each call that may fail.
void TryAllWrites(Kind kind, int error) {
  bool reached = true;
  for (uint64_t n = 1; reached && !::testing::Test::HasFailure(); ++n) {
    ASSERT_LT(n, 1000U);
    SCOPED_TRACE(absl::StrCat("call ", n));
    WriteTrial trial;
    reached = trial.Check(n, kind, error);
  }
}

TEST(FailingCallsTest, NothingIsLostWhenADiskHiccups) {
  TryAllWrites(Kind::kOnce, EIO);
}

TEST(FailingCallsTest, NothingIsLostWhenADiskIsFullForAMoment) {
  TryAllWrites(Kind::kOnce, ENOSPC);
}

TEST(FailingCallsTest, NothingIsLostWhenADiskIsFull) {
  TryAllWrites(Kind::kFromThenOn, ENOSPC);
}

TEST(FailingCallsTest, ShortWritesAreFinished) {
  TryAllWrites(Kind::kShortWrite, 0);
}

// The files of sealed segments, while they are built.
class SegmentTrial {
 public:
  bool Check(uint64_t n, Kind kind, int error) {
    Put(0, 40);
    EXPECT_OK(opened_.collection->Compact());
    Put(20, 80);
    EXPECT_OK(opened_.collection->Delete({"30"}));
    versions_.erase("30");
    bool reached = false;
    {
      const FailingCalls calls({dir_.path() + "/segments", n, kind, error});
      const absl::Status built = opened_.collection->Compact();
      reached = calls.reached();
      // Not every call that fails matters: a folder may be there already.
      if (!reached || kind == Kind::kShortWrite) {
        EXPECT_OK(built);
      }
      EXPECT_EQ(opened_.collection->stats().built, built);
      CheckAll();
      // It is not read-only: the segments can wait.
      Put(100, 101);
    }
    if (n % 3 == 0) Reopen();
    EXPECT_OK(opened_.collection->Compact());
    CheckAll();
    EXPECT_EQ(opened_.collection->stats().segments, 2U);
    // The manifest, and rows, fields and two indexes of one segment.
    EXPECT_EQ(testing::FilesBelow(dir_.path() + "/segments").size(), 5U);
    Reopen();
    CheckAll();
    return reached;
  }

 private:
  static SegmentOptions Options() {
    SegmentOptions options;
    options.min_graph_rows = 50;
    return options;
  }
  void Put(int first, int end) {
    std::vector<Mutation> puts;
    for (int id = first; id < end; ++id) {
      puts.push_back(VersionedPut(absl::StrCat(id), end));
      versions_[absl::StrCat(id)] = end;
    }
    EXPECT_OK(opened_.collection->Upsert(std::move(puts)));
  }
  void CheckAll() { EXPECT_EQ(Found(*opened_.collection), versions_); }
  void Reopen() {
    opened_ = {};
    EXPECT_EQ(FoundIn(dir_.path()), versions_);
    opened_ = OpenTestCollection(dir_.path(), Options());
    EXPECT_OK(opened_.collection->stats().opened);
  }

  TempDir dir_;
  OpenedCollection opened_ = OpenTestCollection(dir_.path(), Options());
  Versions versions_;
};

TEST(FailingCallsTest, SegmentsThatCannotBeWrittenAreBuiltLater) {
  for (const auto& [kind, error] :
       {std::pair{Kind::kOnce, EIO}, std::pair{Kind::kFromThenOn, ENOSPC},
        std::pair{Kind::kShortWrite, 0}}) {
    // Each waits for the disk often; what fails from some call on has failed at
    // the calls after it too.
    const uint64_t step = kind == Kind::kOnce ? 2 : 5;
    bool reached = true;
    for (uint64_t n = 1; reached && !::testing::Test::HasFailure(); n += step) {
      ASSERT_LT(n, 1000U);
      SCOPED_TRACE(absl::StrCat("call ", n));
      SegmentTrial trial;
      reached = trial.Check(n, kind, error);
    }
  }
}

}  // namespace
}  // namespace likeness
