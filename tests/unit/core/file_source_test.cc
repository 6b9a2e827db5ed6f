#include "engine/core/file_source.h"

#include <filesystem>
#include <fstream>

#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

class FileSourceTest : public ::testing::Test {
 protected:
  void Make(const std::string& name) {
    const fs::path path = dir_.File(name);
    fs::create_directories(path.parent_path());
    std::ofstream(path) << name;
  }

  // Paths below the folder; what failed is marked with "!".
  std::vector<std::string> Walk(const std::vector<std::string>& names,
                                Repeats repeats) {
    std::vector<std::string> roots;
    for (const std::string& name : names) roots.push_back(dir_.File(name));
    FileSource source(roots, repeats);
    std::vector<std::string> found;
    while (std::optional<FoundFile> file = source.Next()) {
      const std::string path = file->path.substr(dir_.path().size() + 1);
      found.push_back(file->status.ok() ? path : "!" + path);
    }
    repeated_ = source.repeated();
    return found;
  }

  TempDir dir_;
  uint64_t repeated_ = 0;
};

TEST_F(FileSourceTest, WalksInTheOrderOfNamesWhateverTheDiskSays) {
  for (const char* name : {"c", "b/z", "b/a", "b/m/x", "a", "B"}) Make(name);
  EXPECT_THAT(Walk({""}, Repeats::kSkip),
              ElementsAre("B", "a", "b/a", "b/m/x", "b/z", "c"));
}

TEST_F(FileSourceTest, KeepsTheOrderOfItsRootsAndTheirSpelling) {
  Make("b/x");
  Make("a");
  FileSource source({dir_.File("b/"), dir_.File("./a")}, Repeats::kSkip);
  EXPECT_EQ(source.Next()->path, dir_.File("b/x"));
  EXPECT_EQ(source.Next()->path, dir_.File("./a"));
  EXPECT_FALSE(source.Next().has_value());
}

TEST_F(FileSourceTest, CountsAFileOnceHoweverItIsNamed) {
  Make("d/a");
  fs::create_hard_link(dir_.File("d/a"), dir_.File("d/hard"));
  fs::create_symlink(dir_.File("d/a"), dir_.File("d/soft"));
  EXPECT_THAT(Walk({"d", "d/a", "d"}, Repeats::kSkip), ElementsAre("d/a"));
  EXPECT_EQ(repeated_, 3U);
}

TEST_F(FileSourceTest, HandsRepeatsOutWhereTheyAreKept) {
  Make("d/a");
  EXPECT_THAT(Walk({"d/a", "d", "d/a"}, Repeats::kKeep),
              ElementsAre("d/a", "d/a", "d/a"));
  EXPECT_EQ(repeated_, 0U);
}

TEST_F(FileSourceTest, EndsInALoopOfLinks) {
  Make("d/a");
  Make("d/e/b");
  fs::create_directory_symlink(dir_.File("d"), dir_.File("d/e/up"));
  fs::create_directory_symlink(dir_.File("d/e"), dir_.File("d/e/self"));
  EXPECT_THAT(Walk({"d"}, Repeats::kSkip), ElementsAre("d/a", "d/e/b"));
  EXPECT_THAT(Walk({"d"}, Repeats::kKeep), ElementsAre("d/a", "d/e/b"));
}

TEST_F(FileSourceTest, LeavesHiddenNamesOutUnlessTheyAreRoots) {
  Make("d/.hidden");
  Make("d/.folder/a");
  Make("d/seen");
  EXPECT_THAT(Walk({"d"}, Repeats::kSkip), ElementsAre("d/seen"));
  EXPECT_THAT(Walk({"d/.hidden", "d/.folder"}, Repeats::kSkip),
              ElementsAre("d/.hidden", "d/.folder/a"));
}

TEST_F(FileSourceTest, ReportsWhatIsNotThereAndGoesOn) {
  Make("d/z");
  fs::create_symlink(dir_.File("nowhere"), dir_.File("d/broken"));
  EXPECT_THAT(Walk({"missing", "d"}, Repeats::kSkip),
              ElementsAre("!missing", "!d/broken", "d/z"));
  FileSource source({dir_.File("missing")}, Repeats::kSkip);
  EXPECT_THAT(source.Next()->status,
              Fails(absl::StatusCode::kNotFound, "missing"));
}

TEST_F(FileSourceTest, AnEmptyFolderHoldsNothing) {
  fs::create_directory(dir_.File("d"));
  EXPECT_THAT(Walk({"d"}, Repeats::kSkip), IsEmpty());
}

}  // namespace
}  // namespace likeness
