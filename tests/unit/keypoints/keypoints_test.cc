#include "engine/keypoints/keypoints.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "engine/image/edit.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/keypoints/textures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::FlatImage;
using ::likeness::testing::TextureImage;

bool IsEqual(const Keypoints& a, const Keypoints& b) {
  return a.width == b.width && a.height == b.height &&
         a.descriptors == b.descriptors &&
         std::equal(a.points.begin(), a.points.end(), b.points.begin(),
                    b.points.end(), [](const Keypoint& p, const Keypoint& q) {
                      return p.x == q.x && p.y == q.y && p.scale == q.scale &&
                             p.angle == q.angle;
                    });
}

TEST(KeypointsTest, AreBoundedInNumberAndBytes) {
  ASSERT_OK_AND_ASSIGN(const Keypoints keypoints,
                       ExtractKeypoints(TextureImage(1, 1500, 1000)));
  EXPECT_EQ(keypoints.width, kKeypointSide);
  EXPECT_EQ(keypoints.height, 320);
  EXPECT_EQ(keypoints.points.size(), kMaxKeypoints);
  EXPECT_EQ(keypoints.descriptors.size(), kMaxKeypoints * kDescriptorBytes);
  EXPECT_EQ(keypoints.size_bytes(), 53'608U);
  for (const Keypoint& point : keypoints.points) {
    EXPECT_LE(point.x, (keypoints.width - 1) * Keypoint::kUnitsPerPixel);
    EXPECT_LE(point.y, (keypoints.height - 1) * Keypoint::kUnitsPerPixel);
  }
}

TEST(KeypointsTest, SamePixelsSamePoints) {
  const Image image = TextureImage(2);
  ASSERT_OK_AND_ASSIGN(const Keypoints first, ExtractKeypoints(image));
  ASSERT_OK_AND_ASSIGN(const Keypoints second, ExtractKeypoints(image));
  EXPECT_FALSE(first.points.empty());
  EXPECT_TRUE(IsEqual(first, second));
}

TEST(KeypointsTest, DescriptorsHaveTheStatedLength) {
  ASSERT_OK_AND_ASSIGN(const Keypoints keypoints,
                       ExtractKeypoints(TextureImage(3)));
  for (size_t i = 0; i < keypoints.points.size(); ++i) {
    int squares = 0;
    for (const uint8_t value : keypoints.Descriptor(i))
      squares += value * value;
    // The squares of the roots of shares sum to 1, in units of 1/512^2; shares
    // above a quarter are cut.
    EXPECT_NEAR(squares / (512.0 * 512.0), 1, 0.05) << i;
  }
}

TEST(KeypointsTest, FlatTinyAndThinPicturesHaveFewOrNone) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {2, 2}, {1, 5000}, {5000, 1}, {300, 200}}) {
    ASSERT_OK_AND_ASSIGN(const Keypoints keypoints,
                         ExtractKeypoints(FlatImage(width, height)));
    EXPECT_TRUE(keypoints.points.empty()) << width << "x" << height;
    EXPECT_EQ(keypoints.size_bytes(), 8U);
  }
  for (const auto& [width, height] : {std::pair{2, 2}, {3, 4000}, {4000, 3}}) {
    ASSERT_OK_AND_ASSIGN(const Keypoints keypoints,
                         ExtractKeypoints(TextureImage(4, width, height)));
    EXPECT_LE(keypoints.points.size(), kMaxKeypoints);
    EXPECT_EQ(std::max(keypoints.width, keypoints.height), kKeypointSide);
  }
  EXPECT_THAT(ExtractKeypoints(Image()), BlamesField("image"));
}

TEST(KeypointsTest, MirroringTwiceChangesNothing) {
  ASSERT_OK_AND_ASSIGN(const Keypoints keypoints,
                       ExtractKeypoints(TextureImage(5)));
  EXPECT_TRUE(IsEqual(MirrorKeypoints(MirrorKeypoints(keypoints)), keypoints));
}

// The point of `keypoints` at the place, scale and direction of `point`, or
// their number.
size_t Find(const Keypoints& keypoints, const Keypoint& point) {
  const auto found = std::find_if(
      keypoints.points.begin(), keypoints.points.end(),
      [&point](const Keypoint& other) {
        const int turn = static_cast<int8_t>(
            static_cast<uint8_t>(other.angle - point.angle));
        return std::abs(other.x - point.x) < Keypoint::kUnitsPerPixel &&
               std::abs(other.y - point.y) < Keypoint::kUnitsPerPixel &&
               std::abs(other.scale - point.scale) <= 3 && std::abs(turn) <= 4;
      });
  return static_cast<size_t>(found - keypoints.points.begin());
}

TEST(KeypointsTest, MirroredPointsAreThoseOfTheMirroredPicture) {
  const Image image = TextureImage(6);
  ASSERT_OK_AND_ASSIGN(const Image turned_over, Mirror(image));
  ASSERT_OK_AND_ASSIGN(const Keypoints keypoints, ExtractKeypoints(image));
  ASSERT_OK_AND_ASSIGN(const Keypoints wanted, ExtractKeypoints(turned_over));
  const Keypoints mirrored = MirrorKeypoints(keypoints);
  size_t found = 0;
  double difference = 0;
  for (size_t i = 0; i < mirrored.points.size(); ++i) {
    const size_t other = Find(wanted, mirrored.points[i]);
    if (other == wanted.points.size()) continue;
    ++found;
    for (size_t j = 0; j < kDescriptorBytes; ++j) {
      difference +=
          std::abs(mirrored.Descriptor(i)[j] - wanted.Descriptor(other)[j]);
    }
  }
  // The library looks for points in a doubled picture that it shifts a little
  // to the right, so some weak ones differ.
  EXPECT_GT(found, mirrored.points.size() * 2 / 3);
  // A level of 512 is typically some 45 in these units.
  EXPECT_LT(difference / static_cast<double>(found * kDescriptorBytes), 6);
}

}  // namespace
}  // namespace likeness
