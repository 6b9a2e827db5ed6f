#include "indexer/npy_writer.h"

#include <cstring>
#include <filesystem>

#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;
using ::likeness::testing::ReadFileOrFail;
using ::likeness::testing::TempDir;

TEST(NpyWriterTest, WritesTheBytesThatNumPyWrites) {
  TempDir dir;
  const std::string path = dir.File("v.npy");
  ASSERT_OK_AND_ASSIGN(auto writer, NpyWriter::Create(path, 2));
  ASSERT_OK(writer->Append({1.0F, -2.0F}));
  ASSERT_OK(writer->Append({0.5F, 3.0F}));
  ASSERT_OK(writer->Append({0.0F, 4.0F}));
  ASSERT_OK(writer->Commit());

  // numpy 2: np.save of the same array, header of 128 bytes.
  std::string expected("\x93NUMPY\x01\x00\x76\x00", 10);
  expected += "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
  expected.resize(127, ' ');
  expected += '\n';
  const float rows[] = {1.0F, -2.0F, 0.5F, 3.0F, 0.0F, 4.0F};
  expected.append(reinterpret_cast<const char*>(rows), sizeof(rows));
  EXPECT_EQ(ReadFileOrFail(path), expected);
}

TEST(NpyWriterTest, TheFileAppearsWholeOrNotAtAll) {
  TempDir dir;
  const std::string path = dir.File("v.npy");
  {
    ASSERT_OK_AND_ASSIGN(auto writer, NpyWriter::Create(path, 1));
    ASSERT_OK(writer->Append({1.0F}));
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(NpyWriterTest, RefusesARowOfAnotherLength) {
  TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto writer, NpyWriter::Create(dir.File("v.npy"), 3));
  EXPECT_THAT(writer->Append({1.0F}),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST(NpyWriterTest, SaysWhichFolderIsMissing) {
  EXPECT_THAT(NpyWriter::Create("/nowhere/v.npy", 1),
              testing::Fails(absl::StatusCode::kNotFound, "/nowhere/v.npy"));
}

}  // namespace
}  // namespace likeness
