// A data directory that is made while the n-th call of the system fails.
#include "tests/support/failing_calls.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/store/verify_database.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::Apply;
using ::likeness::testing::CallFault;
using ::likeness::testing::FailingCalls;
using ::likeness::testing::OpenStoreIn;
using ::likeness::testing::TempDir;
using ::likeness::testing::UnitPut;
using Kind = ::likeness::testing::CallFault::Kind;

// What became of making a data directory with two items.
struct Made {
  int acknowledged = 0;
  bool reached =
      true;  // The call that fails; so too when it ended the process.
};

// Makes it in a process of its own, as far as `fault` lets it: RocksDB, where
// it is built with assertions, ends a process at some errors of a disk.
Made MakeDirectory(const std::string& folder, const CallFault& fault) {
  constexpr char kReached = 'r';
  constexpr char kNotReached = 'n';
  int fds[2];
  EXPECT_EQ(pipe2(fds, O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto tell = [&](char what) {
      if (write(fds[1], &what, 1) != 1) _exit(1);
    };
    const FailingCalls calls(fault);
    {
      const auto opened = OpenStoreIn(folder);
      for (const char* id : {"a", "b"}) {
        if (opened.ok() && Apply(*opened->store, {UnitPut(id)}).ok()) tell(*id);
      }
    }
    tell(calls.reached() ? kReached : kNotReached);
    _exit(0);
  }
  close(fds[1]);
  Made made;
  for (char told = 0; read(fds[0], &told, 1) == 1;) {
    if (told == kNotReached) made.reached = false;
    if (told == 'a' || told == 'b') ++made.acknowledged;
  }
  close(fds[0]);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  return made;
}

// Makes one for each `step`th call that may fail.
void CheckAll(const std::string& under, Kind kind, int error, uint64_t step) {
  bool reached = true;
  for (uint64_t n = 1; reached; n += step) {
    ASSERT_LT(n, 2000U);
    SCOPED_TRACE(absl::StrCat("call ", n));
    const TempDir dir;
    const std::string folder = dir.File("data");
    const Made made =
        MakeDirectory(folder, {absl::StrCat(folder, under), n, kind, error});
    reached = made.reached;
    ASSERT_OK_AND_ASSIGN(const auto opened, OpenStoreIn(folder));
    if (made.acknowledged > 0) {
      ASSERT_OK(opened.store->Get("a", {}));
    }
    if (made.acknowledged > 1) {
      ASSERT_OK(opened.store->Get("b", {}));
    }
    ASSERT_OK(Apply(*opened.store, {UnitPut("c")}));
  }
}

TEST(FailingCallsTest, OurOwnFilesAreWholeOrMadeAgain) {
  for (const char* name : {"/LOCK", "/FORMAT"}) {
    CheckAll(name, Kind::kOnce, EIO, 1);
    CheckAll(name, Kind::kFromThenOn, ENOSPC, 1);
    CheckAll(name, Kind::kShortWrite, 0, 1);
  }
}

TEST(FailingCallsTest, ADirectoryThatCouldNotBeMadeIsMadeByTheNextTry) {
  CheckAll("", Kind::kFromThenOn, ENOSPC, 7);
  CheckAll("", Kind::kOnce, EIO, 11);
}

TEST(FailingCallsTest, ASnapshotThatCouldNotBeMadeIsNotThere) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(const auto opened, OpenStoreIn(dir.File("data")));
  ASSERT_OK(Apply(*opened.store, {UnitPut("a")}));
  bool reached = true;
  for (uint64_t n = 1; reached; n += 1 + n / 2) {
    ASSERT_LT(n, 2000U);
    SCOPED_TRACE(absl::StrCat("call ", n));
    const std::string folder = dir.File("snapshot");
    const FailingCalls calls({folder, n, Kind::kFromThenOn, ENOSPC});
    const auto made = opened.database->Snapshot(folder);
    reached = calls.reached();
    ASSERT_EQ(made.ok(), !reached) << made.status();
    ASSERT_EQ(ReadSnapshotManifest(folder).ok(), made.ok());
    // The directory itself is written to as before.
    ASSERT_OK(Apply(*opened.store, {UnitPut("b")}));
  }
}

}  // namespace
}  // namespace likeness
