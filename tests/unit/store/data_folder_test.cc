#include "engine/store/data_folder.h"

#include <unistd.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::TempDir;

void Write(const std::string& path, absl::string_view text) {
  ASSERT_OK(WriteFileDurably(path, text));
}

TEST(DataFolderTest, MakesAndReopensAFolder) {
  const TempDir dir;
  const std::string folder = dir.File("a/b");
  {
    ASSERT_OK_AND_ASSIGN(auto made, DataFolder::Open(folder, true));
    EXPECT_TRUE(made->fresh());
    ASSERT_OK(made->MarkReady());
    EXPECT_FALSE(made->fresh());
  }
  ASSERT_OK_AND_ASSIGN(const auto opened, DataFolder::Open(folder, false));
  EXPECT_FALSE(opened->fresh());
}

TEST(DataFolderTest, AnInterruptedFirstStartIsTakenUpAgain) {
  const TempDir dir;
  {
    ASSERT_OK(DataFolder::Open(dir.path(), true));
  }
  ASSERT_OK_AND_ASSIGN(const auto again, DataFolder::Open(dir.path(), true));
  EXPECT_TRUE(again->fresh());
  std::filesystem::remove(dir.File("FORMAT"));  // LOCK alone is left.
  EXPECT_OK(DataFolder::Open(dir.path() + "2", true));
  std::filesystem::remove_all(dir.path() + "2");
}

TEST(DataFolderTest, ASecondOpenIsToldWhichProcessHoldsTheFolder) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto first, DataFolder::Open(dir.path(), true));
  const auto second = DataFolder::Open(dir.path(), true);
  EXPECT_THAT(second, Fails(absl::StatusCode::kFailedPrecondition,
                            absl::StrCat("process ", getpid())));
  EXPECT_THAT(second, HasReason(kReasonDirectoryInUse));
  first.reset();
  EXPECT_OK(DataFolder::Open(dir.path(), true));
}

TEST(DataFolderTest, AMissingOrEmptyFolderIsNotFoundWithoutCreate) {
  const TempDir dir;
  EXPECT_THAT(DataFolder::Open(dir.File("none"), false),
              Fails(absl::StatusCode::kNotFound, "none"));
  EXPECT_THAT(DataFolder::Open(dir.path(), false),
              HasCode(absl::StatusCode::kNotFound));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(DataFolderTest, AForeignFolderIsRefusedAndLeftAsItWas) {
  const TempDir dir;
  Write(dir.File("holiday.jpg"), "picture");
  for (const bool create : {true, false}) {
    EXPECT_THAT(DataFolder::Open(dir.path(), create),
                Fails(absl::StatusCode::kFailedPrecondition, "holiday.jpg"));
  }
  EXPECT_FALSE(std::filesystem::exists(dir.File("LOCK")));
}

TEST(DataFolderTest, AFileIsNoFolder) {
  const TempDir dir;
  Write(dir.File("file"), "text");
  EXPECT_FALSE(DataFolder::Open(dir.File("file"), false).ok());
  EXPECT_FALSE(DataFolder::Open(dir.File("file"), true).ok());
}

TEST(DataFolderTest, ANewerFormatIsRefusedByItsNumber) {
  const TempDir dir;
  Write(dir.File("FORMAT"),
        "likeness data directory\nversion 3\nwhat version 3 says\n");
  EXPECT_THAT(DataFolder::Open(dir.path(), true),
              Fails(absl::StatusCode::kFailedPrecondition, "version 3"));
}

TEST(DataFolderTest, AnOlderFormatIsMarkedBeforeItIsUpgraded) {
  const TempDir dir;
  Write(dir.File("FORMAT"), "likeness data directory\nversion 1\nready\n");
  for (int start = 0; start < 2; ++start) {  // The first is interrupted.
    ASSERT_OK_AND_ASSIGN(const auto opened,
                         DataFolder::Open(dir.path(), false));
    EXPECT_FALSE(opened->fresh());
    EXPECT_TRUE(opened->upgrading());
    ASSERT_OK_AND_ASSIGN(const std::string format,
                         ReadFile(dir.File("FORMAT"), 4096));
    EXPECT_EQ(format, "likeness data directory\nversion 2\nupgrading\n");
    if (start == 1) {
      ASSERT_OK(opened->MarkReady());
    }
  }
  ASSERT_OK_AND_ASSIGN(const auto upgraded,
                       DataFolder::Open(dir.path(), false));
  EXPECT_FALSE(upgraded->upgrading());
}

TEST(DataFolderTest, EveryFlippedBitOfFormatIsFoundOrHarmless) {
  const std::string good = "likeness data directory\nversion 2\nready\n";
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    const TempDir dir;
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    Write(dir.File("FORMAT"), bad);
    const auto opened = DataFolder::Open(dir.path(), false);
    ASSERT_FALSE(opened.ok()) << bad;
    // A digit becomes another digit: a newer version.
    EXPECT_TRUE(absl::IsDataLoss(opened.status()) ||
                absl::IsFailedPrecondition(opened.status()))
        << opened.status();
    EXPECT_NE(std::string(opened.status().message()).find("FORMAT"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace likeness
