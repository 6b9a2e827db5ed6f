#include "engine/core/file.h"

#include <sys/stat.h>

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using testing::Fails;
using testing::HasCode;
using testing::HasReason;

TEST(FileTest, ReadsBackWhatWasWrittenAndLeavesNoTemporary) {
  const testing::TempDir folder;
  const std::string path = folder.File("a");
  const std::string contents("first\0second", 12);
  ASSERT_OK(WriteFileDurably(path, "an older and longer version of it"));
  ASSERT_OK(WriteFileDurably(path, contents));
  ASSERT_OK_AND_ASSIGN(const std::string read, ReadFile(path, 100));
  EXPECT_EQ(read, contents);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()),
                          std::filesystem::directory_iterator()),
            1);
}

TEST(FileTest, LimitIsInclusiveAndNamed) {
  const testing::TempDir folder;
  const std::string path = folder.File("a");
  ASSERT_OK(WriteFileDurably(path, "12345"));
  EXPECT_OK(ReadFile(path, 5));
  const auto too_large = ReadFile(path, 4);
  EXPECT_THAT(too_large, Fails(absl::StatusCode::kResourceExhausted,
                               "has 5 bytes, the limit is 4"));
  EXPECT_THAT(too_large, HasReason(kReasonLimitExceeded));
}

TEST(FileTest, MissingFileIsNotFoundAndNamed) {
  const auto missing = ReadFile("/no/such/file", 5);
  EXPECT_THAT(missing, Fails(absl::StatusCode::kNotFound, "/no/such/file"));
}

TEST(FileTest, PipesAndFoldersAreRefusedWithoutBlocking) {
  const testing::TempDir folder;
  const std::string pipe = folder.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(ReadFile(pipe, 5),
              HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(ReadFile(folder.path(), 5),
              HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST(FileTest, WriteIntoMissingFolderFailsAndNamesIt) {
  EXPECT_THAT(WriteFileDurably("/no/such/folder/a", "x"),
              Fails(absl::StatusCode::kNotFound, "/no/such/folder/a"));
}

}  // namespace
}  // namespace likeness
