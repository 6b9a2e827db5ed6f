#include "engine/keypoints/match.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "engine/augment/warp.h"
#include "engine/core/file.h"
#include "engine/image/decode.h"
#include "engine/image/edit.h"
#include "engine/image/resize.h"
#include "tests/support/sanitized.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/keypoints/textures.h"

namespace likeness {
namespace {

using ::likeness::testing::CoverPart;
using ::likeness::testing::FlatImage;
using ::likeness::testing::TextureImage;

Keypoints KeypointsOf(const Image& image) {
  absl::StatusOr<Keypoints> keypoints = ExtractKeypoints(image);
  EXPECT_OK(keypoints);
  return keypoints.ok() ? *std::move(keypoints) : Keypoints();
}

KeypointMatch Match(const Image& query, const Image& reference) {
  return MatchKeypoints(KeypointsOf(query), KeypointsOf(reference));
}

void ExpectPlace(const PlaneMap& map, const PlanePoint& from,
                 const PlanePoint& to) {
  const PlanePoint at = map(from);
  EXPECT_NEAR(at.x, to.x, 2.5);
  EXPECT_NEAR(at.y, to.y, 2.5);
}

TEST(MatchTest, APictureIsACopyOfItself) {
  const Image image = TextureImage(1);
  const KeypointMatch match = Match(image, image);
  EXPECT_GT(match.inliers, kMaxKeypoints / 2);
  EXPECT_FALSE(match.mirrored);
  EXPECT_TRUE(match.IsProof());
  ExpectPlace(match.map, {0, 0}, {0, 0});
  ExpectPlace(match.map, {479, 359}, {479, 359});
}

TEST(MatchTest, FindsTheTurnAndZoomOfACopy) {
  const Image image = TextureImage(2);
  for (const double degrees : {-40.0, 10.0, 90.0, 170.0}) {
    Geometry geometry;
    geometry.region = WholeOf(image);
    geometry.rotation = degrees;
    geometry.zoom = 0.7;
    geometry.ground = Colour{255, 255, 255};
    ASSERT_OK_AND_ASSIGN(const Image copy,
                         Warp(image, geometry, image.width(), image.height()));
    const KeypointMatch match = Match(copy, image);
    EXPECT_GT(match.inliers, 30U) << degrees;
    EXPECT_NEAR(match.map.Scale(), 1 / 0.7, 0.02) << degrees;
    EXPECT_NEAR(match.map.Turn() * 180 / std::numbers::pi, -degrees, 1)
        << degrees;
    ExpectPlace(match.map, {239.5, 179.5}, {239.5, 179.5});  // The middle.
  }
}

TEST(MatchTest, FindsWhereACropWas) {
  const Image image = TextureImage(3, 640, 480);
  ASSERT_OK_AND_ASSIGN(const Image copy,
                       ResizeRegion(image, {100, 50, 300, 200}, 300, 200));
  const KeypointMatch match = Match(copy, image);
  EXPECT_GT(match.inliers, 30U);
  // The reference's frame has 3/4 of its pixels' scale, the copy's 480/300.
  ExpectPlace(match.map, {0, 0}, {75, 37.5});
  ExpectPlace(match.map, {479, 319}, {300, 187.5});
}

TEST(MatchTest, MirroredCopiesAreFoundAndSaidToBe) {
  const Image image = TextureImage(4);
  ASSERT_OK_AND_ASSIGN(const Image copy, Mirror(image));
  const KeypointMatch match = Match(copy, image);
  EXPECT_TRUE(match.mirrored);
  EXPECT_GT(match.inliers, kMaxKeypoints / 3);
  ExpectPlace(match.map, {20, 30}, {20, 30});  // Mirrored back, nothing moved.
}

TEST(MatchTest, SurvivesACoverAndJpeg) {
  Image copy = TextureImage(5);
  CoverPart(copy, 60, 40, 280, 160);  // Over a third of it.
  ASSERT_OK_AND_ASSIGN(copy, Recompress(copy, 30));
  const KeypointMatch match = Match(copy, TextureImage(5));
  EXPECT_GT(match.inliers, 30U);
  ExpectPlace(match.map, {0, 0}, {0, 0});
  ExpectPlace(match.map, {479, 359}, {479, 359});
}

TEST(MatchTest, DifferentTexturesProveNothing) {
  std::vector<Keypoints> keypoints;
  for (uint64_t seed = 10; seed < 22; ++seed) {
    keypoints.push_back(KeypointsOf(TextureImage(seed)));
  }
  for (size_t i = 0; i < keypoints.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(MatchKeypoints(keypoints[i], keypoints[j]).IsProof())
          << i << " " << j;
    }
  }
}

TEST(MatchTest, PicturesWithoutPointsMatchNothing) {
  const Image flat = FlatImage(100, 100);
  const Image image = TextureImage(6);
  for (const KeypointMatch& match :
       {Match(flat, flat), Match(flat, image), Match(image, flat),
        MatchKeypoints({}, {})}) {
    EXPECT_EQ(match.inliers, 0U);
    EXPECT_EQ(match.evidence, 0);
    EXPECT_FALSE(match.IsProof());
  }
}

TEST(MatchTest, TheSameAnswerEachTimeAndNearlyTheOtherWayRound) {
  const Image image = TextureImage(7);
  ASSERT_OK_AND_ASSIGN(const Image copy,
                       ResizeRegion(image, {40, 30, 300, 220}, 300, 220));
  const Keypoints a = KeypointsOf(copy);
  const Keypoints b = KeypointsOf(image);
  const KeypointMatch match = MatchKeypoints(a, b);
  const KeypointMatch again = MatchKeypoints(a, MirrorKeypoints(a), b);
  EXPECT_EQ(match.inliers, again.inliers);
  EXPECT_EQ(match.evidence, again.evidence);
  EXPECT_EQ(match.map.c, again.map.c);
  const KeypointMatch back = MatchKeypoints(b, a);
  EXPECT_NEAR(static_cast<double>(back.inliers),
              static_cast<double>(match.inliers),
              0.2 * static_cast<double>(match.inliers));
  EXPECT_NEAR(back.map.Scale() * match.map.Scale(), 1, 0.01);
}

TEST(MatchTest, ProvenPairsRankAboveAllOthers) {
  KeypointMatch match;
  match.evidence = std::nextafter(kProof, 0.0);
  EXPECT_EQ(SecondLookScore(0.9F, match), 0.9F);
  match.evidence = kProof;
  const float least = SecondLookScore(-1.0F, match);
  EXPECT_GT(least, 1.0F);
  match.evidence = 2 * kProof;
  EXPECT_GT(SecondLookScore(-1.0F, match), least);
  match.evidence = 1e6;
  EXPECT_LE(SecondLookScore(1.0F, match), 2.0F);
}

// Photographs of the test data, decoded.
std::vector<Image> Photographs(size_t stride, size_t count) {
  std::vector<Image> photographs;
  const std::string folder = testing::TestDataDir() + "/clothing";
  if (!std::filesystem::is_directory(folder)) return photographs;
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".jpg")
      paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  for (size_t i = 0; i < paths.size() && photographs.size() < count;
       i += stride) {
    absl::StatusOr<std::string> bytes =
        ReadFile(paths[i], DecodeLimits().max_bytes);
    EXPECT_OK(bytes);
    absl::StatusOr<DecodedImage> decoded =
        DecodeImage(bytes.value_or(""), DecodeLimits());
    EXPECT_OK(decoded);
    if (decoded.ok()) photographs.push_back(std::move(decoded->image));
  }
  return photographs;
}

TEST(MatchTest, DifferentPhotographsProveNothing) {
  constexpr size_t kPhotographs = testing::kSanitized ? 12 : 30;  // 435 pairs.
  const std::vector<Image> photographs = Photographs(47, kPhotographs);
  if (photographs.empty()) GTEST_SKIP() << "no test pictures (clothing)";
  std::vector<Keypoints> keypoints;
  for (const Image& image : photographs)
    keypoints.push_back(KeypointsOf(image));
  size_t proven = 0;
  for (size_t i = 0; i < keypoints.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (MatchKeypoints(keypoints[i], keypoints[j]).IsProof()) ++proven;
    }
  }
  EXPECT_LE(proven, 1U);
}

TEST(MatchTest, PhotographsMatchTheirEditedCopies) {
  const std::vector<Image> photographs = Photographs(300, 5);
  if (photographs.empty()) GTEST_SKIP() << "no test pictures (clothing)";
  for (const Image& image : photographs) {
    Geometry geometry;
    geometry.region = WholeOf(image);
    geometry.rotation = 25;
    geometry.mirrored = true;
    ASSERT_OK_AND_ASSIGN(Image copy,
                         Warp(image, geometry, image.width(), image.height()));
    CoverPart(copy, 0, 0, image.width() / 3, image.height() / 3);
    const KeypointMatch match = Match(copy, image);
    EXPECT_TRUE(match.mirrored);
    EXPECT_TRUE(match.IsProof()) << match.inliers;
    EXPECT_NEAR(match.map.Scale(), 1, 0.02);
    // The copy is mirrored after its turn, so mirrored back it is turned by 25.
    EXPECT_NEAR(match.map.Turn() * 180 / std::numbers::pi, -25, 1);
  }
}

}  // namespace
}  // namespace likeness
