#include "engine/collection/segment_rows.h"

#include <string>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::HasReason;
using ::likeness::testing::TempDir;

SegmentRowList ReadBack(const SegmentRowList& list) {
  const TempDir dir;
  EXPECT_OK(WriteSegmentRows(dir.File("rows"), list));
  const auto read = ReadSegmentRows(dir.File("rows"));
  EXPECT_OK(read);
  return read.ok() ? *read : SegmentRowList();
}

TEST(SegmentRowsTest, RowsWithNoneOneAndSeveralVectorsComeBack) {
  SegmentRowList list;
  list.op_ids = {3, 4, 9, 700};
  list.rows[Space::kSimilar] = {0, 0, 0, 1, 2, 2, 3};  // All rows.
  list.rows[Space::kCopy] = {1, 3, 3};
  const SegmentRowList read = ReadBack(list);
  EXPECT_EQ(read.op_ids, list.op_ids);
  EXPECT_EQ(read.rows, list.rows);
}

// Files of segments in which no item has several are what they always were.
TEST(SegmentRowsTest, OneVectorARowIsTheBytesOfTheFormatDocument) {
  const TempDir dir;
  SegmentRowList list;
  list.op_ids = {5, 7};
  list.rows[Space::kSimilar] = {0, 1};
  list.rows[Space::kCopy] = {1};
  ASSERT_OK(WriteSegmentRows(dir.File("rows"), list));
  ASSERT_OK_AND_ASSIGN(const std::string bytes,
                       ReadFile(dir.File("rows"), 4096));
  // Behind magic, size and checksum: the operations' steps, then of each space
  // that it is there, and that all rows are (similar) or which (copy).
  EXPECT_EQ(bytes.substr(24), std::string("\x0a\x02\x05\x02"
                                          "\x12\x04\x08\x01\x10\x01"
                                          "\x12\x05\x08\x01\x1a\x01\x01",
                                          17));
}

TEST(SegmentRowsTest, TooManyVectorsOfARowAreDamage) {
  const TempDir dir;
  SegmentRowList list;
  list.op_ids = {1, 2};
  list.rows[Space::kSimilar].assign(65, 0);
  ASSERT_OK(WriteSegmentRows(dir.File("rows"), list));
  EXPECT_THAT(ReadSegmentRows(dir.File("rows")), HasReason(kReasonCorruptData));
}

}  // namespace
}  // namespace likeness
