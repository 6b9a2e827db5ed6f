#include "engine/core/checked_file.h"

#include <string>

#include "engine/core/checksum.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::TempDir;

constexpr absl::string_view kMagic = "LKNTEST\1";
constexpr uint64_t kMaxBytes = 1 << 20;

// From the reference implementation's own self-test (xxHash, XXH3_64bits of an
// empty input with seed 0).
TEST(ChecksumTest, IsXxh3) { EXPECT_EQ(Checksum64(""), 0x2D06800538D394C2ULL); }

class CheckedFileTest : public ::testing::Test {
 protected:
  const TempDir dir_;
  const std::string path_ = dir_.path() + "/file";
};

TEST_F(CheckedFileTest, ReadsWhatWasWritten) {
  for (const std::string& contents :
       {std::string(), std::string(100'000, 'x')}) {
    ASSERT_OK(WriteCheckedFile(path_, kMagic, contents));
    ASSERT_OK_AND_ASSIGN(const std::string read,
                         ReadCheckedFile(path_, kMagic, kMaxBytes));
    EXPECT_EQ(read, contents);
  }
}

TEST_F(CheckedFileTest, FindsEveryFlippedBitAndEveryCut) {
  ASSERT_OK(WriteCheckedFile(path_, kMagic, "some contents"));
  ASSERT_OK_AND_ASSIGN(const std::string whole, ReadFile(path_, kMaxBytes));
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_OK(WriteFileDurably(path_, flipped));
    const auto read = ReadCheckedFile(path_, kMagic, kMaxBytes);
    EXPECT_THAT(read, Fails(absl::StatusCode::kDataLoss, path_)) << bit;
    EXPECT_THAT(read, HasReason(kReasonCorruptData)) << bit;
  }
  for (size_t size = 0; size < whole.size(); ++size) {
    ASSERT_OK(WriteFileDurably(path_, whole.substr(0, size)));
    EXPECT_THAT(ReadCheckedFile(path_, kMagic, kMaxBytes),
                HasCode(absl::StatusCode::kDataLoss))
        << size;
  }
}

TEST_F(CheckedFileTest, TellsAMissingFileFromADamagedOne) {
  EXPECT_THAT(ReadCheckedFile(path_, kMagic, kMaxBytes),
              HasCode(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace likeness
