#include "engine/dataset/pixel_cache.h"

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasReason;
using ::likeness::testing::PatchworkJpeg;
using ::likeness::testing::TempDir;

class PixelCacheTest : public ::testing::Test {
 protected:
  // A picture of side x side pixels.
  std::string Write(int number, int side) {
    const std::string path = dir_.File(absl::StrCat(number, ".jpg"));
    std::ofstream(path, std::ios::binary)
        << PatchworkJpeg(static_cast<uint32_t>(number), side);
    return path;
  }

  TempDir dir_;
};

uint64_t BytesOf(int side) { return uint64_t{3} * side * side; }

TEST_F(PixelCacheTest, HandsOutTheSamePixelsAgain) {
  const std::string path = Write(1, 64);
  PixelCache cache({.max_bytes = 1 << 20, .min_side = 0, .limits = {}});
  ASSERT_OK_AND_ASSIGN(const auto first, cache.Get(path));
  ASSERT_OK_AND_ASSIGN(const auto again, cache.Get(path));
  EXPECT_EQ(first.get(), again.get());
  EXPECT_EQ(first->width(), 64);
  const PixelCacheCounters counters = cache.counters();
  EXPECT_EQ(counters.misses, 1U);
  EXPECT_EQ(counters.hits, 1U);
  EXPECT_EQ(counters.pictures, 1U);
  EXPECT_EQ(counters.bytes, BytesOf(64));
}

TEST_F(PixelCacheTest, ReducesToTheShorterSide) {
  const std::string path = Write(1, 640);
  const std::string small = Write(2, 50);
  PixelCache cache({.max_bytes = 1 << 20, .min_side = 100, .limits = {}});
  ASSERT_OK_AND_ASSIGN(const auto image, cache.Get(path));
  EXPECT_EQ(image->width(), 100);
  ASSERT_OK_AND_ASSIGN(const auto kept, cache.Get(small));
  EXPECT_EQ(kept->width(), 50);
}

TEST_F(PixelCacheTest, DropsWhatWasUsedLongestAgo) {
  PixelCache cache({.max_bytes = 2 * BytesOf(32), .min_side = 0, .limits = {}});
  const std::string a = Write(1, 32);
  const std::string b = Write(2, 32);
  const std::string c = Write(3, 32);
  for (const std::string& path : {a, b, a, c, a, b}) EXPECT_OK(cache.Get(path));
  // a b miss, a hits, c drops b, a hits, b misses.
  EXPECT_EQ(cache.counters().hits, 2U);
  EXPECT_EQ(cache.counters().misses, 4U);
  EXPECT_EQ(cache.counters().bytes, 2 * BytesOf(32));
}

TEST_F(PixelCacheTest, APictureAboveTheBoundIsNotKept) {
  const std::string path = Write(1, 64);
  PixelCache cache({.max_bytes = 100, .min_side = 0, .limits = {}});
  EXPECT_OK(cache.Get(path));
  EXPECT_EQ(cache.counters().bytes, 0U);
}

TEST_F(PixelCacheTest, FailuresNameThePathAndAreCounted) {
  PixelCache cache(PixelCacheOptions{});
  EXPECT_THAT(cache.Get(dir_.File("none.jpg")),
              Fails(absl::StatusCode::kNotFound, "none.jpg"));
  std::ofstream(dir_.File("bad.jpg")) << "no picture";
  const auto bad = cache.Get(dir_.File("bad.jpg"));
  EXPECT_THAT(bad, Fails(absl::StatusCode::kInvalidArgument, "bad.jpg: "));
  EXPECT_THAT(bad, HasReason("NOT_A_PICTURE"));
  EXPECT_EQ(cache.counters().failures, 2U);
  EXPECT_EQ(cache.counters().pictures, 0U);
}

TEST_F(PixelCacheTest, StaysWithinItsBoundUnderConcurrency) {
  constexpr int kPictures = 12;
  constexpr uint64_t kBound = 5 * 3 * 40 * 40;
  std::vector<std::string> paths;
  for (int i = 0; i < kPictures; ++i) paths.push_back(Write(i, 20 + 2 * i));
  PixelCache cache({.max_bytes = kBound, .min_side = 0, .limits = {}});
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      Random random(t);
      for (int i = 0; i < 300; ++i) {
        const size_t pick = random.Below(kPictures);
        const auto image = cache.Get(paths[pick]);
        const bool right =
            image.ok() && (*image)->width() == 20 + 2 * static_cast<int>(pick);
        if (!right || cache.counters().bytes > kBound) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
  const PixelCacheCounters counters = cache.counters();
  EXPECT_EQ(counters.hits + counters.misses, 1200U);
  EXPECT_GT(counters.hits, 0U);
}

}  // namespace
}  // namespace likeness
