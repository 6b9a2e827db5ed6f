#include "engine/dataset/manifest.h"

#include <fstream>
#include <string>

#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::IsInvalid;
using ::likeness::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ManifestTest : public ::testing::Test {
 protected:
  absl::StatusOr<DataSet> Read(const std::string& name,
                               const std::string& text) {
    std::ofstream(dir_.File(name), std::ios::binary) << text;
    return ReadManifest(dir_.File(name));
  }

  TempDir dir_;
};

// The same set in both forms.
void ExpectBerries(const DataSet& data, const std::string& folder) {
  EXPECT_THAT(data.classes, ElementsAre("cherry", "plum"));
  EXPECT_THAT(data.class_groups, ElementsAre("stone", "stone"));
  ASSERT_EQ(data.samples.size(), 3U);
  EXPECT_EQ(data.samples[0].path, folder + "/p/1.jpg");
  EXPECT_EQ(data.samples[0].label, 1);
  EXPECT_EQ(data.samples[0].group, "iconic");
  EXPECT_EQ(data.samples[0].split, Split::kTrain);
  EXPECT_THAT(data.samples[0].strokes, ElementsAre(StrokePoint{0.5F, -1, false},
                                                   StrokePoint{2, 3, true}));
  EXPECT_EQ(data.samples[1].path, "/abs/2.jpg");
  EXPECT_EQ(data.samples[1].label, 0);
  EXPECT_EQ(data.samples[1].split, Split::kValidation);
  EXPECT_THAT(data.samples[1].strokes, IsEmpty());
  EXPECT_EQ(data.samples[2].label, -1);
  EXPECT_EQ(data.samples[2].split, Split::kUnassigned);
}

TEST_F(ManifestTest, ReadsCsv) {
  ASSERT_OK_AND_ASSIGN(const DataSet data,
                       Read("m.csv",
                            "class,path,split,group,class_group,strokes\n"
                            "plum,p/1.jpg,train,iconic,stone,0.5 -1 0;2 3 1\n"
                            "cherry,/abs/2.jpg,val,,stone,\n,3.jpg,,,,\n"));
  ExpectBerries(data, dir_.path());
  EXPECT_EQ(data.root, dir_.path());
}

TEST_F(ManifestTest, ReadsJsonLines) {
  ASSERT_OK_AND_ASSIGN(
      const DataSet data,
      Read("m.jsonl",
           R"({"path": "p/1.jpg", "class": "plum", "class_group": "stone",)"
           R"( "group": "iconic", "split": "train",)"
           R"( "strokes": [[0.5, -1, 0], [2, 3, 1]]})"
           "\n\n"
           R"({"path": "/abs/2.jpg", "class": "cherry",)"
           R"( "class_group": "stone", "split": "validation"})"
           "\r\n"
           R"({"path": "3.jpg", "class": null})"));
  ExpectBerries(data, dir_.path());
}

TEST_F(ManifestTest, CsvErrorsNameFileLineAndColumn) {
  EXPECT_THAT(Read("m.csv", "path,clas\na,b\n"),
              IsInvalid("m.csv:1: clas: is none of path, class,"));
  EXPECT_THAT(Read("m.csv", "class\nb\n"), IsInvalid("m.csv:1: path:"));
  EXPECT_THAT(Read("m.csv", "path,class\na,b\n,b\n"),
              IsInvalid("m.csv:3: path: is empty"));
  const auto split = Read("m.csv", "path,split\na,test\nb,trian\n");
  EXPECT_THAT(split, IsInvalid("m.csv:3: split: 'trian' is none of"));
  EXPECT_THAT(split, BlamesField("split"));
  EXPECT_THAT(Read("m.csv", "path,strokes\na,1 2\n"),
              IsInvalid("m.csv:2: strokes: '1 2' is not"));
  EXPECT_THAT(Read("m.csv", "path,strokes\na,1 2 7\n"),
              IsInvalid("m.csv:2: strokes: x and y"));
  EXPECT_THAT(Read("m.csv", "path,strokes\na,1 nan 0\n"),
              IsInvalid("m.csv:2: strokes: x and y"));
  EXPECT_THAT(Read("m.csv", "path,class\na,\xff\n"),
              IsInvalid("m.csv:2: class: is not UTF-8"));
  EXPECT_THAT(Read("m.csv", "path,class,class_group\na,x,one\nb,x,two\n"),
              IsInvalid("m.csv:3: class_group: class 'x' is in 'two' here"));
}

TEST_F(ManifestTest, JsonErrorsNameFileLineAndMember) {
  EXPECT_THAT(Read("m.jsonl", "{\"path\": \"a\"}\n{\"path\": }\n"),
              IsInvalid("m.jsonl:2: not JSON at character 10"));
  EXPECT_THAT(Read("m.jsonl", "[1]\n"),
              IsInvalid("m.jsonl:1: must be an object"));
  EXPECT_THAT(Read("m.jsonl", "{\"path\": 3}\n"),
              IsInvalid("m.jsonl:1: path: must be a string"));
  EXPECT_THAT(Read("m.jsonl", "{\"path\": \"a\", \"klass\": \"b\"}\n"),
              IsInvalid("m.jsonl:1: klass: is none of"));
  EXPECT_THAT(Read("m.jsonl", "{\"path\": \"a\", \"strokes\": [[1, 2]]}"),
              IsInvalid("m.jsonl:1: strokes: a point must be"));
  EXPECT_THAT(Read("m.jsonl", "{\"path\": \"a\", \"strokes\": 4}"),
              IsInvalid("m.jsonl:1: strokes: must be a list"));
}

TEST_F(ManifestTest, AManifestWithoutPicturesIsRefused) {
  EXPECT_THAT(Read("m.csv", "path\n"), IsInvalid("no pictures there"));
  EXPECT_THAT(Read("m.jsonl", "\n"), IsInvalid("no pictures there"));
}

}  // namespace
}  // namespace likeness
