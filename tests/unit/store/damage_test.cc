// Flipped bits and cut files: found and told, or proven harmless; never a
// crash, never wrong data.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

using ::likeness::testing::Apply;
using ::likeness::testing::OpenStoreIn;
using ::likeness::testing::Put;
using ::likeness::testing::TempDir;

constexpr int kItems = 200;

std::string IdOf(int i) { return absl::StrCat("item", i); }

// Reads everything; the first error that any read gives.
absl::Status ReadAll(const MetadataStore& store) {
  for (int i = 0; i < kItems; ++i) {
    const auto item = store.Get(IdOf(i), {.thumbnail = true});
    if (!item.ok()) return item.status();
    EXPECT_EQ(std::get<double>(item->metadata.at("value")), i);
    const auto vectors = store.GetVectors(IdOf(i));
    if (!vectors.ok()) return vectors.status();
    EXPECT_EQ((*vectors)[Space::kSimilar],
              std::vector<float>(testing::kDimensions, static_cast<float>(i)));
  }
  return store.ScanVectors(
      0, [](uint64_t, const ItemVectors&) { return absl::OkStatus(); });
}

class DamageTest : public ::testing::Test {
 protected:
  // A database with all items; `reopen` moves them from the log into tables.
  void Fill(bool reopen) {
    {
      ASSERT_OK_AND_ASSIGN(auto opened, OpenStoreIn(dir_.path()));
      for (int i = 0; i < kItems; ++i) {
        Mutation put = Put(IdOf(i), static_cast<float>(i));
        put.item.thumbnail_jpeg = absl::StrCat("thumbnail ", i);
        ASSERT_OK(Apply(*opened.store, {put}));
      }
      if (!reopen) {
        // As a crash would leave them: copied while open.
        fs::copy(
            dir_.path(), copy_.path(),
            fs::copy_options::recursive | fs::copy_options::overwrite_existing);
      }
    }
    if (!reopen) return;
    {
      ASSERT_OK(OpenStoreIn(dir_.path()));
    }
    fs::copy(
        dir_.path(), copy_.path(),
        fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }

  std::vector<std::string> FilesEnding(absl::string_view prefix,
                                       absl::string_view suffix) {
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(copy_.File("db"))) {
      const std::string name = entry.path().filename();
      if (absl::StartsWith(name, prefix) && absl::EndsWith(name, suffix) &&
          entry.file_size() > 0) {
        files.push_back(entry.path());
      }
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // What opening and reading everything gives with `file` holding `contents`.
  absl::Status ReadWith(const std::string& file, const std::string& contents) {
    const TempDir work;
    fs::copy(
        copy_.path(), work.path(),
        fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    const std::string path =
        absl::StrCat(work.path(), file.substr(copy_.path().size()));
    EXPECT_OK(WriteFileDurably(path, contents));
    auto opened = OpenStoreIn(work.path());
    if (!opened.ok()) return opened.status();
    return ReadAll(*opened->store);
  }

  testing::TempDir dir_;
  testing::TempDir copy_;
};

// Places spread over a file.
std::vector<size_t> PlacesIn(size_t size, size_t count) {
  std::vector<size_t> places;
  for (size_t i = 0; i < count; ++i) places.push_back(size * i / count);
  return places;
}

TEST_F(DamageTest, FlippedBitsInTablesAreFoundOrHarmless) {
  Fill(/*reopen=*/true);
  int found = 0;
  for (const std::string& file : FilesEnding("", ".sst")) {
    const std::string good = testing::ReadFileOrFail(file);
    for (const size_t place : PlacesIn(good.size(), 7)) {
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ 0x10);
      const absl::Status status = ReadWith(file, bad);
      if (status.ok()) continue;
      ++found;
      EXPECT_TRUE(absl::IsDataLoss(status)) << status;
      // RocksDB 7.8 blames the MANIFEST for properties out of order in a table;
      // every other flip is told by the table's name.
      EXPECT_TRUE(
          absl::StrContains(status.message(), ".sst") ||
          absl::StrContains(status.message(), "properties unsorted in file"))
          << status;
    }
  }
  EXPECT_GT(found, 0);
}

TEST_F(DamageTest, FlippedBitsInTheLogStopTheStart) {
  Fill(/*reopen=*/false);
  int found = 0;
  for (const std::string& file : FilesEnding("", ".log")) {
    const std::string good = testing::ReadFileOrFail(file);
    // All but the last record, whose loss looks like an unfinished write.
    for (const size_t place : PlacesIn(good.size() * 9 / 10, 12)) {
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ 0x10);
      const absl::Status status = ReadWith(file, bad);
      EXPECT_TRUE(absl::IsDataLoss(status)) << place << ": " << status;
      found += status.ok() ? 0 : 1;
    }
  }
  EXPECT_GT(found, 0);
}

TEST_F(DamageTest, FlippedBitsInTheManifestAreFound) {
  Fill(/*reopen=*/true);
  for (const std::string& file : FilesEnding("MANIFEST-", "")) {
    const std::string good = testing::ReadFileOrFail(file);
    for (const size_t place : PlacesIn(good.size(), 12)) {
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ 0x10);
      const absl::Status status = ReadWith(file, bad);
      EXPECT_FALSE(status.ok()) << place << " of " << good.size();
    }
  }
}

TEST_F(DamageTest, AMissingTableIsFoundByName) {
  Fill(/*reopen=*/true);
  for (const std::string& file : FilesEnding("", ".sst")) {
    const TempDir work;
    fs::copy(
        copy_.path(), work.path(),
        fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::remove(absl::StrCat(work.path(), file.substr(copy_.path().size())));
    const auto opened = OpenStoreIn(work.path());
    ASSERT_FALSE(opened.ok());
    // RocksDB names the number with the last suffix that it tried.
    EXPECT_TRUE(absl::StrContains(opened.status().message(),
                                  fs::path(file).stem().string()))
        << opened.status();
  }
}

}  // namespace
}  // namespace likeness
