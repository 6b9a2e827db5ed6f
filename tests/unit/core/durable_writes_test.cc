// Files and folders while the n-th call of the system fails, for every n.
#include "engine/core/durable_writes.h"

#include <cerrno>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/core/aside_file.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "tests/support/failing_calls.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

using ::likeness::testing::CallFault;
using ::likeness::testing::FailingCalls;
using ::likeness::testing::TempDir;
using Kind = ::likeness::testing::CallFault::Kind;

constexpr uint64_t kMoreThanEnough = 1000;

class DurableWritesTest : public ::testing::TestWithParam<Kind> {
 protected:
  CallFault Fault(uint64_t fail_at, int error) const {
    return {dir_.path(), fail_at, GetParam(), error};
  }

  // More than one buffer.
  static std::string Contents(char c) { return std::string(3 << 20, c); }

  TempDir dir_;
};

TEST_P(DurableWritesTest, TheOldOrTheNewFileIsThereWhicheverCallFails) {
  const std::string path = dir_.File("file");
  bool reached = true;
  for (uint64_t n = 1; reached; ++n) {
    ASSERT_LT(n, kMoreThanEnough);
    SCOPED_TRACE(absl::StrCat("call ", n));
    ASSERT_OK(WriteFileDurably(path, Contents('o')));
    absl::Status status;
    {
      const FailingCalls calls(Fault(n, ENOSPC));
      status = WriteFileDurably(path, Contents('n'));
      reached = calls.reached();
    }
    const std::string found = testing::ReadFileOrFail(path);
    if (GetParam() == Kind::kShortWrite || !reached) {
      ASSERT_OK(status);
    } else {
      ASSERT_THAT(status,
                  testing::HasCode(absl::StatusCode::kResourceExhausted));
      ASSERT_THAT(status.message(), ::testing::HasSubstr(dir_.path()));
    }
    ASSERT_TRUE(found == Contents('n') ||
                (!status.ok() && found == Contents('o')));
    // Nothing else is left behind.
    ASSERT_EQ(std::distance(fs::directory_iterator(dir_.path()),
                            fs::directory_iterator()),
              1);
  }
}

TEST_P(DurableWritesTest, AStartThatIsReplacedIsReplacedWhole) {
  const std::string path = dir_.File("file");
  bool reached = true;
  for (uint64_t n = 1; reached; ++n) {
    ASSERT_LT(n, kMoreThanEnough);
    fs::remove(path);
    const FailingCalls calls(Fault(n, EIO));
    const absl::Status status = [&]() -> absl::Status {
      const auto file = AsideFile::Create(path);
      if (!file.ok()) return file.status();
      absl::Status done = (*file)->Append("header, then more");
      if (done.ok()) done = (*file)->Overwrite("HEADER");
      return done.ok() ? (*file)->Commit() : done;
    }();
    reached = calls.reached();
    if (status.ok()) {
      ASSERT_EQ(testing::ReadFileOrFail(path), "HEADER, then more");
    } else {
      ASSERT_NE(GetParam(), Kind::kShortWrite);
    }
  }
}

TEST_P(DurableWritesTest, FoldersAreMadeByTheNextTry) {
  const std::string folder = dir_.File("a/b/c");
  bool reached = true;
  for (uint64_t n = 1; reached; ++n) {
    ASSERT_LT(n, kMoreThanEnough);
    fs::remove_all(dir_.File("a"));
    {
      const FailingCalls calls(Fault(n, EIO));
      const absl::Status status = MakeFolderDurably(folder);
      reached = calls.reached();
      ASSERT_EQ(status.ok(), !reached || GetParam() == Kind::kShortWrite);
    }
    ASSERT_OK(MakeFolderDurably(folder));
    ASSERT_TRUE(fs::is_directory(folder));
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, DurableWritesTest,
                         ::testing::Values(Kind::kOnce, Kind::kFromThenOn,
                                           Kind::kShortWrite),
                         [](const auto& test) {
                           return test.param == Kind::kOnce ? "Once"
                                  : test.param == Kind::kFromThenOn
                                      ? "FromThenOn"
                                      : "ShortWrite";
                         });

}  // namespace
}  // namespace likeness
