#include "engine/dataset/table.h"

#include <fstream>
#include <string>

#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TableTest : public ::testing::Test {
 protected:
  absl::StatusOr<Table> Parse(const std::string& text) {
    const std::string path = dir_.File("t.csv");
    std::ofstream(path, std::ios::binary) << text;
    return Table::Read(path);
  }

  TempDir dir_;
};

TEST_F(TableTest, QuotesHoldCommasQuotesAndLineEnds) {
  ASSERT_OK_AND_ASSIGN(const Table table,
                       Parse("a,b\n\"x,y\",\"he said \"\"no\"\"\"\n"
                             "\"two\nlines\",last"));
  EXPECT_THAT(table.columns(), ElementsAre("a", "b"));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_THAT(table.rows()[0].fields, ElementsAre("x,y", "he said \"no\""));
  EXPECT_THAT(table.rows()[1].fields, ElementsAre("two\nlines", "last"));
  EXPECT_EQ(table.rows()[1].line, 3);
}

TEST_F(TableTest, TakesWindowsLineEndsMarksAndEmptyLines) {
  ASSERT_OK_AND_ASSIGN(const Table table,
                       Parse("\xef\xbb\xbf"
                             "a,b\r\n\r\n1,\r\n\"2\",3\r\n"));
  EXPECT_EQ(table.Find("a"), 0);
  EXPECT_EQ(table.Find("c"), -1);
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_THAT(table.rows()[0].fields, ElementsAre("1", ""));
  EXPECT_EQ(table.rows()[0].line, 3);
  EXPECT_THAT(table.rows()[1].fields, ElementsAre("2", "3"));
}

TEST_F(TableTest, NothingIsATableWithoutColumns) {
  ASSERT_OK_AND_ASSIGN(const Table table, Parse(""));
  EXPECT_THAT(table.columns(), IsEmpty());
  EXPECT_THAT(table.Require("path"), BlamesField("path"));
}

TEST_F(TableTest, ErrorsNameTheLine) {
  const auto code = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(Parse("a,b\n1,2\n1\n"), Fails(code, "t.csv:3: 1 fields"));
  EXPECT_THAT(Parse("a,b\n1,2,3\n"), Fails(code, "t.csv:2: 3 fields"));
  EXPECT_THAT(Parse("a\n\"x\ny\n"), Fails(code, "t.csv:2: a quote that never"));
  EXPECT_THAT(Parse("a\nx\"y\n"), Fails(code, "t.csv:2: a quote inside"));
  EXPECT_THAT(Parse("a\n\"x\"y\n"), Fails(code, "t.csv:2: text behind"));
  EXPECT_THAT(Parse("a,a\n"), Fails(code, "t.csv:1: a: is there twice"));
  EXPECT_THAT(Table::Read(dir_.File("none")),
              HasCode(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace likeness
