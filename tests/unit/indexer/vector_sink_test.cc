#include "indexer/vector_sink.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/core/file.h"
#include "engine/embed/picture_encoder.h"
#include "indexer/ingest.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/indexer/flat_picture.h"
#include "tests/unit/indexer/silent_observer.h"

namespace likeness {
namespace {

using ::likeness::testing::FakeEmbedder;
using ::likeness::testing::FlatJpeg;
using ::likeness::testing::IsOk;
using ::likeness::testing::ReadFileOrFail;
using ::likeness::testing::SilentObserver;
using ::likeness::testing::TempDir;

class VectorSinkTest : public ::testing::Test {
 protected:
  IngestResult Embed(const std::vector<std::string>& paths, bool commit) {
    auto sink = VectorSink::Create(embedder_, Space::kSimilar, {},
                                   dir_.File("v.npy"), dir_.File("ids.txt"));
    EXPECT_THAT(sink, IsOk());
    FileSource source(paths, Repeats::kKeep);
    IngestOptions options;
    options.workers = 4;
    options.max_in_flight = 6;
    options.make_id = [](const std::string& path) { return path; };
    SilentObserver observer;
    IngestResult result = RunIngest(source, **sink, options, cancel_, observer);
    if (commit) {
      EXPECT_THAT((*sink)->Commit(), IsOk());
    }
    return result;
  }

  TempDir dir_;
  FakeEmbedder embedder_;
  CancelToken cancel_;
};

TEST_F(VectorSinkTest, RowsAndLinesKeepTheOrderGivenWithoutTheBadOnes) {
  std::vector<std::string> paths;
  std::vector<std::string> expected;
  std::vector<std::vector<float>> vectors;
  const PictureEncoder encoder(embedder_, DecodeLimits(), 16);
  for (int i = 0; i < 40; ++i) {
    const std::string path = dir_.File(absl::StrCat((i * 7) % 40, ".jpg"));
    paths.push_back(path);
    if (i % 5 == 0) {
      ASSERT_OK(WriteFileDurably(path, "no picture"));
      continue;
    }
    if (i % 5 == 1) continue;  // Missing.
    ASSERT_OK(WriteFileDurably(path, FlatJpeg(i)));
    ASSERT_OK_AND_ASSIGN(const EncodedPicture picture,
                         encoder.Encode(FlatJpeg(i), false));
    vectors.push_back(picture.embedding.vectors[Space::kSimilar]);
    expected.push_back(path);
  }
  paths.push_back(expected.front());  // Named twice, written twice.
  expected.push_back(expected.front());
  vectors.push_back(vectors.front());

  const IngestResult result = Embed(paths, /*commit=*/true);
  EXPECT_THAT(result.status, IsOk());
  EXPECT_EQ(result.counts.read, 41U);
  EXPECT_EQ(result.counts.indexed, 25U);
  EXPECT_EQ(result.counts.rejected, 8U);
  EXPECT_EQ(result.counts.failed, 8U);

  const std::string ids = ReadFileOrFail(dir_.File("ids.txt"));
  const std::vector<std::string> lines =
      absl::StrSplit(ids, '\n', absl::SkipEmpty());
  EXPECT_EQ(lines, expected);
  std::string rows;
  for (const std::vector<float>& vector : vectors) {
    rows.append(reinterpret_cast<const char*>(vector.data()),
                vector.size() * sizeof(float));
  }
  EXPECT_EQ(ReadFileOrFail(dir_.File("v.npy")).substr(128), rows);
}

TEST_F(VectorSinkTest, NothingAppearsWithoutCommit) {
  ASSERT_OK(WriteFileDurably(dir_.File("a.jpg"), FlatJpeg(1)));
  Embed({dir_.File("a.jpg")}, /*commit=*/false);
  EXPECT_FALSE(std::filesystem::exists(dir_.File("v.npy")));
  EXPECT_FALSE(std::filesystem::exists(dir_.File("ids.txt")));
}

TEST_F(VectorSinkTest, ACancelledJobEnds) {
  std::vector<std::string> paths;
  for (int i = 0; i < 30; ++i) {
    paths.push_back(dir_.File(absl::StrCat(i, ".jpg")));
    ASSERT_OK(WriteFileDurably(paths.back(), FlatJpeg(i)));
  }
  cancel_.Cancel();
  const IngestResult result = Embed(paths, /*commit=*/false);
  EXPECT_EQ(result.status.code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace likeness
