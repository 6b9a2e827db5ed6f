#include "engine/dataset/dataset.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::PatchworkJpeg;
using ::likeness::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

class PictureFolderTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& contents) {
    const std::filesystem::path path = dir_.File(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << contents;
  }
  void Picture(const std::string& name) { Write(name, PatchworkJpeg(1, 16)); }

  TempDir dir_;
};

TEST_F(PictureFolderTest, AFolderIsAClassAndBytesTellPictures) {
  Picture("b/2.jpg");
  Picture("b/1");
  Picture("a/picture.txt");
  Write("a/notes.jpg", "no picture");
  Write("LICENSE", "words");
  Picture("b/.hidden.jpg");
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(dir_.path()));
  EXPECT_THAT(data.classes, ElementsAre("a", "b"));
  EXPECT_THAT(data.class_groups, ElementsAre("", ""));
  ASSERT_EQ(data.samples.size(), 3U);
  EXPECT_EQ(data.samples[0].path, dir_.File("a/picture.txt"));
  EXPECT_EQ(data.samples[0].label, 0);
  EXPECT_EQ(data.samples[1].path, dir_.File("b/1"));
  EXPECT_EQ(data.samples[2].path, dir_.File("b/2.jpg"));
  EXPECT_THAT(data.skipped,
              ElementsAre(dir_.File("LICENSE"), dir_.File("a/notes.jpg")));
}

TEST_F(PictureFolderTest, DeepFoldersAreClassesOfTheFolderAbove) {
  Picture("only/Greek/alpha/1");
  Picture("only/Greek/beta/1");
  Picture("only/Latin/a/1");
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(dir_.path()));
  EXPECT_THAT(data.classes,
              ElementsAre("Greek/alpha", "Greek/beta", "Latin/a"));
  EXPECT_THAT(data.class_groups, ElementsAre("Greek", "Greek", "Latin"));
  ASSERT_OK_AND_ASSIGN(const DataSet top,
                       ReadDataSet(dir_.path(), {.class_depth = 1}));
  EXPECT_THAT(top.classes, ElementsAre("Greek", "Latin"));
  EXPECT_EQ(top.samples[1].label, 0);
}

TEST_F(PictureFolderTest, FoldersNamedAfterSplitsAreSplits) {
  Picture("train/a/1");
  Picture("val/b/1");
  Picture("test/c/1");
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(dir_.path()));
  EXPECT_THAT(data.classes, ElementsAre("a", "b", "c"));
  EXPECT_THAT(SamplesOf(data, Split::kTest), ElementsAre(0U));
  EXPECT_THAT(SamplesOf(data, Split::kTrain), ElementsAre(1U));
  EXPECT_THAT(SamplesOf(data, Split::kValidation), ElementsAre(2U));
  EXPECT_THAT(AllSamples(data), ElementsAre(0U, 1U, 2U));
}

TEST_F(PictureFolderTest, PicturesWithoutFoldersHaveNoClass) {
  Picture("1.jpg");
  Picture("2.jpg");
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(dir_.path()));
  EXPECT_THAT(data.classes, IsEmpty());
  EXPECT_EQ(data.samples[1].label, -1);
}

TEST_F(PictureFolderTest, AManifestInTheFolderDecides) {
  Picture("a/1.jpg");
  Write("manifest.csv", "path,class\na/1.jpg,other\n");
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(dir_.path()));
  EXPECT_THAT(data.classes, ElementsAre("other"));
  EXPECT_EQ(data.samples[0].path, dir_.File("a/1.jpg"));
}

TEST_F(PictureFolderTest, PathsCanBeOpenedHoweverTheFolderWasNamed) {
  Picture("a/1");
  Picture("b/1");
  const std::string relative = std::filesystem::relative(dir_.path()).string();
  for (const bool listed : {false, true}) {
    if (listed) Write("manifest.csv", "path,class\na/1,a\nb/1,b\n");
    for (const std::string& path : {relative, relative + "/"}) {
      ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(path));
      EXPECT_EQ(data.name, std::filesystem::path(dir_.path()).filename());
      for (const Sample& sample : data.samples) {
        EXPECT_TRUE(std::filesystem::exists(sample.path)) << sample.path;
      }
    }
  }
}

TEST_F(PictureFolderTest, RefusesWhatHoldsNoPicture) {
  EXPECT_THAT(ReadDataSet(dir_.File("none")),
              HasCode(absl::StatusCode::kNotFound));
  Write("a/notes", "words");
  EXPECT_THAT(ReadDataSet(dir_.path()),
              Fails(absl::StatusCode::kInvalidArgument,
                    "no pictures there (1 other files)"));
}

TEST(SharedSetsTest, OmniglotHasAlphabetsAndDrawers) {
  const std::string folder = testing::TestDataDir();
  if (folder.empty()) GTEST_SKIP() << "no test pictures";
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(folder + "/omniglot"));
  EXPECT_EQ(data.samples.size(), 20 * data.classes.size());
  EXPECT_EQ(std::set(data.class_groups.begin(), data.class_groups.end()),
            (std::set<std::string>{"Balinese", "Early_Aramaic", "Greek",
                                   "Korean", "Latin"}));
  std::set<std::string> drawers;
  for (const Sample& sample : data.samples) drawers.insert(sample.group);
  EXPECT_EQ(drawers.size(), 20U);
  EXPECT_EQ(*drawers.begin(), "01");
}

TEST(SharedSetsTest, ClothingHasTenClasses) {
  const std::string folder = testing::TestDataDir();
  if (folder.empty()) GTEST_SKIP() << "no test pictures";
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(folder + "/clothing"));
  EXPECT_EQ(data.classes.size(), 10U);
  EXPECT_EQ(data.samples.size(), 1500U);
  EXPECT_EQ(data.classes.front(), "dress");
  EXPECT_THAT(data.root, EndsWith("/clothing"));
}

}  // namespace
}  // namespace likeness
