// Every hard picture against an independent decoder: the table is made by
// tools/golden/make_decode_golden.py and says, row by row, from what.
#include <filesystem>
#include <map>
#include <string>

#include "engine/image/decode.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::FromHex;
using testing::GridOf;
using testing::HasReason;
using testing::LargestDifference;

class DecodeGoldenTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::TestDataDir().empty()) {
      GTEST_SKIP() << "the hard pictures are not there";
    }
    root_ = testing::TestDataDir() + "/hard-images";
    for (auto& row : testing::ReadGolden("decode_golden.json")) {
      const std::string path = row.at("path");
      table_.emplace(path, std::move(row));
    }
  }

  std::string root_;
  std::map<std::string, nlohmann::json> table_;
};

TEST_F(DecodeGoldenTest, TableHoldsEveryFileAndNoOther) {
  size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(root_)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string path =
        std::filesystem::relative(entry.path(), root_).string();
    EXPECT_TRUE(table_.contains(path)) << path << " is not in the table";
  }
  EXPECT_EQ(files, table_.size());
}

TEST_F(DecodeGoldenTest, EveryFileDecodesAsShownOrFailsAsItShould) {
  for (const auto& [path, row] : table_) {
    SCOPED_TRACE(row.dump().substr(0, 200));
    const std::string bytes = testing::ReadFileOrFail(root_ + "/" + path);
    const auto decoded = DecodeImage(bytes, DecodeLimits{});
    if (row.contains("reason")) {
      EXPECT_THAT(decoded, HasReason(row.at("reason").get<std::string>()));
      continue;
    }
    EXPECT_OK(decoded);
    if (!decoded.ok()) continue;
    EXPECT_EQ(decoded->source_width, row.at("width").get<int>());
    EXPECT_EQ(decoded->source_height, row.at("height").get<int>());
    EXPECT_EQ(decoded->image.width(), decoded->source_width);
    EXPECT_EQ(decoded->image.height(), decoded->source_height);
    EXPECT_LE(LargestDifference(GridOf(decoded->image),
                                FromHex(row.at("grid").get<std::string>())),
              row.at("tolerance").get<int>());
  }
}

}  // namespace
}  // namespace likeness
