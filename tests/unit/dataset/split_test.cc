#include "engine/dataset/split.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::IsInvalid;
using ::likeness::testing::TempDir;

// `classes` classes of three pictures, five classes a group.
DataSet MakeData(int classes) {
  DataSet data;
  data.root = "/d";
  for (int c = 0; c < classes; ++c) {
    data.classes.push_back(absl::StrCat("c", c));
    data.class_groups.push_back(absl::StrCat("g", c / 5));
    for (int i = 0; i < 3; ++i) {
      Sample sample;
      sample.path = absl::StrCat("/d/", c, "-", i);
      sample.label = c;
      data.samples.push_back(sample);
    }
  }
  return data;
}

DataSet MakeUnlabelled(int pictures) {
  DataSet data;
  data.root = "/d";
  for (int i = 0; i < pictures; ++i) {
    Sample sample;
    sample.path = absl::StrCat("/d/", i);
    data.samples.push_back(sample);
  }
  return data;
}

TEST(SplitTest, SharesAreOfClassesAndEachIsOnOneSide) {
  DataSet data = MakeData(60);
  ASSERT_OK_AND_ASSIGN(const ClassSplit split, SplitByClass(data, {}, 1));
  EXPECT_EQ(split.train.size(), 36U);
  EXPECT_EQ(split.validation.size(), 12U);
  EXPECT_EQ(split.test.size(), 12U);
  EXPECT_EQ(SamplesOf(data, Split::kTest).size(), 36U);
  EXPECT_OK(CheckSplit(data));
}

TEST(SplitTest, TheSeedDecides) {
  DataSet one = MakeData(60);
  DataSet two = MakeData(60);
  ASSERT_OK_AND_ASSIGN(const ClassSplit first, SplitByClass(one, {}, 1));
  ASSERT_OK_AND_ASSIGN(const ClassSplit again, SplitByClass(two, {}, 1));
  EXPECT_EQ(first, again);
  ASSERT_OK_AND_ASSIGN(const ClassSplit other, SplitByClass(two, {}, 2));
  EXPECT_FALSE(first == other);
}

TEST(SplitTest, GroupsStayTogether) {
  DataSet data = MakeData(25);
  ASSERT_OK_AND_ASSIGN(
      const ClassSplit split,
      SplitByClass(data, {.train = 0.6, .validation = 0.2, .test = 0.2}, 3,
                   SplitUnit::kClassGroup));
  EXPECT_EQ(split.train.size(), 15U);
  EXPECT_EQ(split.test.size(), 5U);
  std::map<std::string, std::set<Split>> sides;
  for (const Sample& sample : data.samples) {
    sides[data.class_groups[static_cast<size_t>(sample.label)]].insert(
        sample.split);
  }
  for (const auto& [group, in] : sides) EXPECT_EQ(in.size(), 1U) << group;
}

TEST(SplitTest, SmallSharesStillGetAClass) {
  DataSet data = MakeData(3);
  ASSERT_OK_AND_ASSIGN(
      const ClassSplit split,
      SplitByClass(data, {.train = 0.98, .validation = 0.01, .test = 0.01}, 1));
  EXPECT_EQ(split.train.size(), 1U);
  EXPECT_EQ(split.validation.size(), 1U);
  EXPECT_EQ(split.test.size(), 1U);
  DataSet two = MakeData(2);
  EXPECT_THAT(SplitByClass(two, {}, 1),
              IsInvalid("can't split 2 classes into 3 sides"));
}

TEST(SplitTest, ASideWithoutAShareStaysEmpty) {
  DataSet data = MakeData(10);
  ASSERT_OK_AND_ASSIGN(
      const ClassSplit split,
      SplitByClass(data, {.train = 0.75, .validation = 0.25, .test = 0}, 1));
  EXPECT_EQ(split.train.size() + split.validation.size(), 10U);
  EXPECT_TRUE(split.test.empty());
}

TEST(SplitTest, PicturesWithoutClassesAreDrawnByTheirPath) {
  DataSet data = MakeUnlabelled(1000);
  ASSERT_OK(SplitByClass(data, {}, 5));
  EXPECT_NEAR(static_cast<double>(SamplesOf(data, Split::kTrain).size()), 600,
              60);
  EXPECT_EQ(SamplesOf(data, Split::kUnassigned).size(), 0U);
  DataSet fewer = MakeUnlabelled(10);
  fewer.root = "/elsewhere/";
  for (Sample& sample : fewer.samples) {
    sample.path = "/elsewhere" + sample.path.substr(2);
  }
  ASSERT_OK(SplitByClass(fewer, {}, 5));
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(fewer.samples[i].split, data.samples[i].split);
  }
}

TEST(SplitTest, FractionsAreChecked) {
  EXPECT_THAT(
      (SplitFractions{.train = 1.2, .validation = 0, .test = 0}.Validate()),
      BlamesField("train"));
  EXPECT_THAT(
      (SplitFractions{.train = 0.5, .validation = 0, .test = 0}.Validate()),
      BlamesField("fractions"));
}

TEST(SplitTest, AClassOnBothSidesIsRefusedByName) {
  DataSet data = MakeData(10);
  ASSERT_OK(SplitByClass(data, {}, 1));
  Sample& sample = data.samples[4];
  sample.split = sample.split == Split::kTest ? Split::kTrain : Split::kTest;
  EXPECT_THAT(CheckSplit(data), IsInvalid("class 'c1' is in"));
  EXPECT_THAT(CheckSplit(data), BlamesField("split"));
  sample.split = Split::kUnassigned;
  EXPECT_OK(CheckSplit(data));
}

TEST(SplitTest, APictureOnBothSidesIsRefused) {
  DataSet data = MakeData(2);
  data.samples[0].split = Split::kTrain;
  data.samples[3].split = Split::kTest;
  data.samples[3].path = data.samples[0].path;
  EXPECT_THAT(CheckSplit(data), IsInvalid("the picture /d/0-0 is in"));
}

TEST(SplitTest, ListsAreAppliedAndOthersLeftOut) {
  DataSet data = MakeData(3);
  data.samples[8].split = Split::kTest;
  ASSERT_OK(
      ApplySplit({.train = {"c1"}, .validation = {}, .test = {"c0"}}, data));
  EXPECT_EQ(data.samples[0].split, Split::kTest);
  EXPECT_EQ(data.samples[3].split, Split::kTrain);
  EXPECT_EQ(data.samples[8].split, Split::kUnassigned);
  EXPECT_THAT(
      ApplySplit({.train = {"c1"}, .validation = {"c1"}, .test = {}}, data),
      IsInvalid("class 'c1' is in train and in validation"));
  EXPECT_THAT(
      ApplySplit({.train = {"pear"}, .validation = {}, .test = {}}, data),
      Fails(absl::StatusCode::kNotFound, "no class 'pear'"));
}

TEST(SplitTest, SurvivesAFile) {
  const TempDir dir;
  const ClassSplit split = {
      .train = {"a \"quoted\"", "b"}, .validation = {}, .test = {"ü"}};
  ASSERT_OK(WriteSplit(dir.File("split.json"), split));
  ASSERT_OK_AND_ASSIGN(const ClassSplit read,
                       ReadSplit(dir.File("split.json")));
  EXPECT_EQ(read, split);
}

TEST(SplitTest, BadJsonIsRefusedByMember) {
  EXPECT_THAT(SplitFromJson("{"), BlamesField("split"));
  EXPECT_THAT(SplitFromJson(R"({"trian": []})"), BlamesField("trian"));
  EXPECT_THAT(SplitFromJson(R"({"": []})"), IsInvalid("is none of"));
  EXPECT_THAT(SplitFromJson(R"({"train": [1]})"), BlamesField("train"));
  EXPECT_THAT(SplitFromJson(R"({"train": ["a"], "test": ["a"]})"),
              IsInvalid("class 'a' is in train and in test"));
}

}  // namespace
}  // namespace likeness
