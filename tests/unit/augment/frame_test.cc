#include "engine/augment/frame.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::PatchworkImage;

constexpr Transform kKinds[] = {Transform::kScreenshot, Transform::kCollage,
                                Transform::kLetterbox, Transform::kBorder};

Box Inner(Transform kind, double strength, const Box& outer, uint64_t seed) {
  Random random(seed);
  const auto frame =
      DrawFrame(kind, strength, outer.width, outer.height, random);
  EXPECT_OK(frame);
  return frame.ok() ? InnerOf(*frame, outer) : Box{};
}

double ShareOf(const Box& inner, const Box& outer) {
  return static_cast<double>(inner.width) * inner.height /
         (static_cast<double>(outer.width) * outer.height);
}

TEST(FrameTest, LeavesTheStatedShare) {
  const Box outer = {10, 20, 400, 200};
  for (uint64_t seed = 0; seed < 30; ++seed) {
    EXPECT_EQ(Inner(Transform::kBorder, 0.1, outer, seed),
              (Box{30, 40, 360, 160}));
    for (const double share : {0.2, 0.5, 0.8}) {
      EXPECT_NEAR(
          ShareOf(Inner(Transform::kLetterbox, share, outer, seed), outer),
          1 - share, 0.01);
      EXPECT_NEAR(
          ShareOf(Inner(Transform::kCollage, share, outer, seed), outer),
          1 - share, 0.01);
    }
    const Box screen = Inner(Transform::kScreenshot, 0.4, outer, seed);
    EXPECT_EQ(screen.width, 400);
    EXPECT_NEAR(screen.height, 120, 1);
  }
}

TEST(FrameTest, TheInnerBoxIsInsideAndNeverEmpty) {
  for (const Transform kind : kKinds) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      for (const int side : {1, 2, 3, 17}) {
        const Box outer = {5, 6, side, side};
        const Box inner = Inner(kind, LimitsOf(kind).high, outer, seed);
        EXPECT_GE(inner.width, 1);
        EXPECT_GE(inner.height, 1);
        EXPECT_GE(inner.left, 5);
        EXPECT_GE(inner.top, 6);
        EXPECT_LE(inner.left + inner.width, 5 + side);
        EXPECT_LE(inner.top + inner.height, 6 + side);
      }
    }
  }
}

TEST(FrameTest, StrengthZeroLeavesEverything) {
  const Box outer = {1, 2, 30, 40};
  for (const Transform kind : kKinds) {
    EXPECT_EQ(Inner(kind, 0, outer, 1), outer);
  }
}

TEST(FrameTest, PaintsAllAroundAndNothingInside) {
  // No colour that a frame paints with has these levels everywhere.
  constexpr uint8_t kMark = 77;
  const std::vector<std::shared_ptr<const Image>> others = {
      std::make_shared<const Image>(PatchworkImage(5, 64))};
  for (const Transform kind : kKinds) {
    for (uint64_t seed = 0; seed < 10; ++seed) {
      Image canvas(90, 70);
      std::fill_n(canvas.data(), canvas.size_bytes(), kMark);
      Random random(seed);
      const Box outer = {3, 4, 80, 60};
      ASSERT_OK_AND_ASSIGN(const Frame frame,
                           DrawFrame(kind, 0.3, 80, 60, random));
      ASSERT_OK(PaintFrame(canvas, outer, frame, others, random));
      const Box inner = InnerOf(frame, outer);
      int marked = 0;
      for (size_t i = 0; i < canvas.size_bytes(); i += 3) {
        const uint8_t* rgb = canvas.data() + i;
        marked += rgb[0] == kMark && rgb[1] == kMark && rgb[2] == kMark ? 1 : 0;
      }
      EXPECT_EQ(marked, 90 * 70 - 80 * 60 + inner.width * inner.height)
          << TransformName(kind) << seed;
    }
  }
}

TEST(FrameTest, TheEditsGrowThePicture) {
  const Image image = PatchworkImage(2, 100);
  for (uint64_t seed = 0; seed < 10; ++seed) {
    Random random(seed);
    ASSERT_OK_AND_ASSIGN(const Image framed, Border(image, 0.1, random));
    EXPECT_EQ(framed.width(), 125);
    EXPECT_EQ(framed.height(), 125);
    ASSERT_OK_AND_ASSIGN(const Image barred, Letterbox(image, 0.5, random));
    EXPECT_EQ(barred.width() + barred.height(), 300);
    ASSERT_OK_AND_ASSIGN(const Image screen,
                         ScreenshotFrame(image, 0.2, random));
    EXPECT_EQ(screen.height(), 125);
    ASSERT_OK_AND_ASSIGN(const Image beside, Collage(image, 0.5, {}, random));
    EXPECT_EQ(beside.width() * beside.height(), 20'000);
  }
}

TEST(FrameTest, RefusesStrengthsOutOfRange) {
  const Image image = PatchworkImage(2, 10);
  Random random(1);
  EXPECT_THAT(Border(image, 0.5, random), BlamesField("border"));
  EXPECT_THAT(Letterbox(image, 0.9, random), BlamesField("letterbox"));
  EXPECT_THAT(ScreenshotFrame(image, -1, random), BlamesField("screenshot"));
  EXPECT_THAT(Collage(image, 1, {}, random), BlamesField("collage"));
  EXPECT_THAT(Border(Image(), 0.1, random), BlamesField("image"));
  EXPECT_THAT(DrawFrame(Transform::kBlur, 0.1, 5, 5, random),
              BlamesField("blur"));
}

}  // namespace
}  // namespace likeness
