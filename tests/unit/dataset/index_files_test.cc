#include "engine/dataset/index_files.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::IsInvalid;
using ::likeness::testing::TempDir;
using ::testing::ElementsAre;

constexpr char kClasses[] =
    "class,class_id,coarse_class,coarse_class_id,iconic_image\n"
    "Pear,0,Fruit,0,iconic/pear.jpg\nLeek,1,Greens,1,iconic/leek.jpg\n";

class IndexFilesTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.File(name)) << text;
  }

  TempDir dir_;
};

TEST_F(IndexFilesTest, ReadsClassesGroupsAndIcons) {
  Write("classes.csv", kClasses);
  Write("train.csv", "path,class_id,coarse_class_id\ntrain/1.jpg,1,1\n");
  Write("val.csv", "path,class_id,coarse_class_id\nval/1.jpg,0,0\n");
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(dir_.path() + "/"));
  EXPECT_THAT(data.classes, ElementsAre("Leek", "Pear"));
  EXPECT_THAT(data.class_groups, ElementsAre("Greens", "Fruit"));
  ASSERT_EQ(data.samples.size(), 4U);
  EXPECT_EQ(data.samples[0].path, dir_.File("iconic/pear.jpg"));
  EXPECT_EQ(data.samples[0].label, 1);
  EXPECT_EQ(data.samples[0].group, "iconic");
  EXPECT_EQ(data.samples[2].label, 0);
  EXPECT_EQ(data.samples[2].group, "natural");
  for (const Sample& sample : data.samples) {
    EXPECT_EQ(sample.split, Split::kUnassigned);
  }
}

TEST_F(IndexFilesTest, ErrorsNameFileLineAndColumn) {
  Write("classes.csv", kClasses);
  Write("train.csv", "path,class_id\n1.jpg,7\n");
  EXPECT_THAT(ReadDataSet(dir_.path()),
              IsInvalid("train.csv:2: class_id: '7' is not one"));
  Write("train.csv", "path\n1.jpg\n");
  EXPECT_THAT(ReadDataSet(dir_.path()),
              IsInvalid("train.csv:1: class_id: there is no such"));
  Write("classes.csv", absl::StrCat(kClasses, "Kale,1,Greens,1,\n"));
  EXPECT_THAT(ReadDataSet(dir_.path()),
              IsInvalid("classes.csv:4: class_id: '1' is there twice"));
}

TEST(GroceryTest, HasSixtyClassesWithOneIconEach) {
  const std::string folder = testing::TestDataDir();
  if (folder.empty()) GTEST_SKIP() << "no test pictures";
  ASSERT_OK_AND_ASSIGN(const DataSet data, ReadDataSet(folder + "/grocery"));
  EXPECT_EQ(data.classes.size(), 60U);
  EXPECT_EQ(data.samples.size(), 60U + 1961 + 227);
  std::vector<int> icons(data.classes.size());
  for (const Sample& sample : data.samples) {
    if (sample.group == "iconic") ++icons[static_cast<size_t>(sample.label)];
    std::ifstream file(sample.path);
    EXPECT_TRUE(file.good()) << sample.path;
  }
  EXPECT_EQ(std::count(icons.begin(), icons.end(), 1), 60);
}

}  // namespace
}  // namespace likeness
