// Flipped bits in every kind of file of a data directory: each is found, by a
// verification that names the file, or proven harmless.
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/collection/verify_directory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

using ::likeness::testing::FilesBelow;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::OverwriteFile;
using ::likeness::testing::ReadFileOrFail;
using ::likeness::testing::TempDir;
using ::likeness::testing::VersionedPut;

constexpr int kItems = 200;
constexpr size_t kFlips = 9;  // In each file.

// What kind of file it is: its suffix, or the name before its number.
std::string KindOf(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name.rfind("LOG.old.", 0) == 0) return "LOG";
  if (path.has_extension()) return path.extension().string();
  return name.substr(0, name.find('-'));
}

// Nothing is read from these: who holds the directory, and RocksDB's notes.
bool IsNoData(absl::string_view kind) {
  return kind == "LOCK" || kind == "LOG" || kind == "OPTIONS" ||
         kind == "IDENTITY";
}

class BitFlipsTest : public ::testing::TestWithParam<IndexKind> {
 protected:
  // A directory with tables, a log that is not empty, and sealed segments, as a
  // crash leaves it.
  void SetUp() override {
    const std::string folder = dir_.File("data");
    Fill(folder, 0, kItems, /*copy=*/false);
    Fill(folder, kItems, kItems + 30, /*copy=*/true);
  }

  void Fill(const std::string& folder, int first, int end, bool copy) {
    SegmentOptions options;
    options.min_graph_rows = 50;
    options.kind = GetParam();
    const auto opened = OpenTestCollection(folder, options);
    for (int id = first; id < end; ++id) {
      Mutation put = VersionedPut(absl::StrCat(id), 1);
      put.item.thumbnail_jpeg = std::string(300, 'j');
      ASSERT_OK(opened.collection->Upsert({put}));
    }
    if (!copy) {
      ASSERT_OK(opened.collection->Compact());
    } else {
      fs::copy(folder, image_, fs::copy_options::recursive);
    }
  }

  // All that a verification says, or the error that there was nothing to
  // verify.
  std::string Problems() const {
    const auto report = VerifyDirectory(image_);
    if (!report.ok()) return report.status().ToString();
    std::string all;
    for (const VerifyProblem& problem : report->problems()) {
      absl::StrAppend(&all, problem.where, ": ", problem.what, "\n");
    }
    return all;
  }

  const TempDir dir_;
  const std::string image_ = dir_.File("image");
};

TEST_P(BitFlipsTest, AreFoundAndTheFileIsNamed) {
  ASSERT_EQ(Problems(), "");
  std::map<std::string, int> found;
  for (const std::string& path : FilesBelow(image_)) {
    const std::string kind = KindOf(path);
    if (IsNoData(kind)) continue;
    const std::string good = ReadFileOrFail(path);
    for (size_t i = 0; i < kFlips && !good.empty(); ++i) {
      const size_t place = good.size() * i / kFlips;
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ 0x10);
      OverwriteFile(path, bad);
      const std::string problems = Problems();
      // Harmless, then: what a verification read is as it was.
      if (problems.empty()) continue;
      EXPECT_THAT(problems,
                  ::testing::HasSubstr(fs::path(path).filename().string()))
          << place << " of " << good.size();
      ++found[kind];
    }
    OverwriteFile(path, good);
  }
  // Every kind of file: RocksDB's and ours.
  for (const char* kind : {"FORMAT", "CURRENT", "MANIFEST", ".sst", ".log",
                           ".rows", ".fields", ".index"}) {
    EXPECT_GE(found[kind], 5) << kind;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, BitFlipsTest,
                         ::testing::Values(IndexKind::kHnsw, IndexKind::kIvf),
                         [](const auto& test) {
                           return std::string(IndexKindName(test.param));
                         });

}  // namespace
}  // namespace likeness
