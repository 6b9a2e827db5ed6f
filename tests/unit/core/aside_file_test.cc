#include "engine/core/aside_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using testing::HasCode;
using testing::ReadFileOrFail;
using testing::TempDir;

TEST(AsideFileTest, AppearsWithCommitAndReplacesWhatWasThere) {
  const TempDir dir;
  const std::string path = dir.File("a");
  for (const std::string contents : {"first", "second"}) {
    ASSERT_OK_AND_ASSIGN(const auto file, AsideFile::Create(path));
    ASSERT_OK(file->Append("_____"));
    ASSERT_OK(file->Append(contents.substr(5)));
    ASSERT_OK(file->Overwrite(contents.substr(0, 5)));
    EXPECT_EQ(std::filesystem::exists(path), contents == "second");
    ASSERT_OK(file->Commit());
    EXPECT_EQ(ReadFileOrFail(path), contents);
  }
}

TEST(AsideFileTest, WithoutCommitTheOldFileStaysAndNothingIsLeft) {
  const TempDir dir;
  const std::string path = dir.File("a");
  {
    ASSERT_OK_AND_ASSIGN(const auto file, AsideFile::Create(path));
    ASSERT_OK(file->Append("x"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(AsideFileTest, PipesAndFoldersAreRefused) {
  const TempDir dir;
  ASSERT_EQ(mkfifo(dir.File("pipe").c_str(), 0600), 0);
  EXPECT_THAT(AsideFile::Create(dir.File("pipe")),
              HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(AsideFile::Create(dir.path()),
              HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST(AsideFileTest, ALinkStaysAndItsTargetIsReplaced) {
  const TempDir dir;
  const std::string link = dir.File("link");
  std::ofstream(dir.File("real")) << "old";
  std::filesystem::create_symlink("real", link);
  ASSERT_OK_AND_ASSIGN(const auto file, AsideFile::Create(link));
  ASSERT_OK(file->Append("new"));
  ASSERT_OK(file->Commit());
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(ReadFileOrFail(dir.File("real")), "new");
}

}  // namespace
}  // namespace likeness
