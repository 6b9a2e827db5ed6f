// Damaged bytes and many threads: an error at worst, never a crash. Most of the
// proof is in running this under the sanitizers.
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/image/decode.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/image/test_pictures.h"

namespace likeness {
namespace {

using testing::Encode;
using testing::GridOf;
using testing::HasReason;
using testing::MakeQuarters;

class DamageTest : public ::testing::TestWithParam<std::string> {
 protected:
  const std::string bytes_ = Encode(MakeQuarters(96, 80), GetParam());
};

TEST_P(DamageTest, EveryTruncationIsCorrupt) {
  for (size_t part = 1; part < 16; ++part) {
    SCOPED_TRACE(part);
    const auto decoded =
        DecodeImage(bytes_.substr(0, bytes_.size() * part / 16), {});
    EXPECT_THAT(decoded, HasReason(kReasonCorruptPicture));
  }
}

TEST_P(DamageTest, FlippedBytesNeverCrash) {
  std::mt19937 random(20261122);
  DecodeLimits limits;
  limits.max_pixels = 1'000'000;
  for (int round = 0; round < 150; ++round) {
    std::string damaged = bytes_;
    const auto flips = 1 + random() % 8;
    for (size_t i = 0; i < flips; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    const auto decoded = DecodeImage(damaged, limits);
    EXPECT_TRUE(decoded.ok() || IsBadPicture(decoded.status()))
        << decoded.status();
  }
}

INSTANTIATE_TEST_SUITE_P(AllFormats, DamageTest,
                         ::testing::Values(".jpg", ".jpg[interlace]", ".png",
                                           ".webp[lossless]", ".gif", ".tif",
                                           ".tif[compression=lzw]", ".avif",
                                           ".heic"));

TEST(RobustnessTest, GarbageBehindASignatureIsABadPicture) {
  std::mt19937 random(7);
  for (const std::string suffix :
       {".jpg", ".png", ".webp", ".gif", ".tif", ".avif", ".heic"}) {
    SCOPED_TRACE(suffix);
    std::string bytes = Encode(MakeQuarters(16, 16), suffix).substr(0, 16);
    for (int i = 0; i < 4000; ++i) bytes += static_cast<char>(random());
    const auto decoded = DecodeImage(bytes, {});
    EXPECT_FALSE(decoded.ok());
    EXPECT_TRUE(IsBadPicture(decoded.status())) << decoded.status();
  }
}

TEST(RobustnessTest, ManyThreadsDecodeAtOnceAndAgree) {
  std::vector<std::string> pictures;
  for (const char* suffix :
       {".jpg", ".png", ".webp", ".gif", ".tif", ".avif"}) {
    pictures.push_back(Encode(MakeQuarters(96, 80), suffix));
  }
  std::vector<std::vector<uint8_t>> expected;
  for (const std::string& bytes : pictures) {
    ASSERT_OK_AND_ASSIGN(const DecodedImage decoded, DecodeImage(bytes, {}));
    expected.push_back(GridOf(decoded.image));
  }
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < 3 * pictures.size(); ++i) {
        const size_t at = (i + t) % pictures.size();
        const auto decoded = DecodeImage(pictures[at], {});
        ASSERT_OK(decoded);
        EXPECT_EQ(GridOf(decoded->image), expected[at]);
        // A failure on one thread must not reach another's picture.
        EXPECT_FALSE(
            DecodeImage(pictures[at].substr(0, pictures[at].size() / 2), {})
                .ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace likeness
