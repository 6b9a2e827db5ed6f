#include "engine/augment/view.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/image/decode.h"
#include "engine/image/encode.h"
#include "engine/image/resize.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::PatchworkImage;

std::vector<std::shared_ptr<const Image>> Others() {
  return {std::make_shared<const Image>(PatchworkImage(8, 70)),
          std::make_shared<const Image>(PatchworkImage(9, 40))};
}

// Chances that always pick `transform` at `strength`.
ViewRecipe Always(Transform transform, double strength) {
  ViewRecipe recipe;
  recipe[transform] = {1, strength, strength};
  return recipe;
}

std::string BytesOf(const Image& image) {
  return {reinterpret_cast<const char*>(image.data()), image.size_bytes()};
}

TEST(ViewTest, WithoutTransformsItIsWhatTheNetworkSeesInUse) {
  ASSERT_OK_AND_ASSIGN(const Image wide,
                       Resize(PatchworkImage(1, 90), 120, 75));
  ASSERT_OK_AND_ASSIGN(const std::string jpeg, EncodeJpeg(wide, 90));
  ASSERT_OK_AND_ASSIGN(const DecodedImage decoded,
                       DecodeImage(jpeg, DecodeLimits{}));
  for (const Fit fit : {Fit::kStretch, Fit::kPad}) {
    Random random(1);
    ASSERT_OK_AND_ASSIGN(
        const Image view,
        MakeView(decoded.image, {}, ViewRecipe(), 64, fit, random));
    ASSERT_OK_AND_ASSIGN(
        const PreparedPicture prepared,
        PreparePicture(jpeg, {.input_side = 64, .fit = fit, .limits = {}}));
    EXPECT_EQ(view.bytes(), prepared.input.pixels.bytes());
  }
}

TEST(ViewTest, EveryTransformAtStrengthZeroIsTheIdentity) {
  const Image image = PatchworkImage(1, 90);
  const auto others = Others();
  Random plain(1);
  ASSERT_OK_AND_ASSIGN(
      const Image expected,
      MakeView(image, others, ViewRecipe(), 60, Fit::kStretch, plain));
  for (const Transform transform : AllTransforms()) {
    Random random(1);
    ASSERT_OK_AND_ASSIGN(const Image view,
                         MakeView(image, others, Always(transform, 0), 60,
                                  Fit::kStretch, random));
    EXPECT_EQ(view.bytes(), expected.bytes()) << TransformName(transform);
    ASSERT_OK_AND_ASSIGN(const Image edited,
                         ApplyTransform(image, transform, 0, others, random));
    EXPECT_EQ(edited.bytes(), image.bytes()) << TransformName(transform);
  }
}

TEST(ViewTest, EveryTransformChangesThePicture) {
  const Image image = PatchworkImage(1, 90);
  const auto others = Others();
  std::set<std::string> views;
  Random plain(1);
  ASSERT_OK_AND_ASSIGN(
      const Image unchanged,
      MakeView(image, others, ViewRecipe(), 60, Fit::kStretch, plain));
  for (const Transform transform : AllTransforms()) {
    const double strength = 0.9 * LimitsOf(transform).high;
    Random random(1);
    ASSERT_OK_AND_ASSIGN(const Image view,
                         MakeView(image, others, Always(transform, strength),
                                  60, Fit::kStretch, random));
    EXPECT_NE(view.bytes(), unchanged.bytes()) << TransformName(transform);
    ASSERT_OK_AND_ASSIGN(
        const Image edited,
        ApplyTransform(image, transform, strength, others, random));
    EXPECT_NE(edited.bytes(), image.bytes()) << TransformName(transform);
  }
}

TEST(ViewTest, IsSideBySideAtBothEndsOfEveryTransform) {
  ASSERT_OK_AND_ASSIGN(const Image image,
                       Resize(PatchworkImage(1, 90), 90, 33));
  const auto others = Others();
  for (const Transform transform : AllTransforms()) {
    const StrengthLimits limits = LimitsOf(transform);
    for (const double strength : {limits.low, limits.high}) {
      for (const Fit fit : {Fit::kStretch, Fit::kPad}) {
        Random random(4);
        ASSERT_OK_AND_ASSIGN(
            const Image view,
            MakeView(image, others, Always(transform, strength), 40, fit,
                     random));
        EXPECT_EQ(view.width(), 40);
        EXPECT_EQ(view.height(), 40);
      }
    }
  }
}

TEST(ViewTest, ReadyRecipesTakeAnyPicture) {
  const auto others = Others();
  for (const ViewRecipe& recipe :
       {ProductViews(), CopyViews(), DrawingViews()}) {
    uint64_t seed = 0;
    for (const int width : {1, 2, 50, 300}) {
      for (const int height : {1, 3, 50, 300}) {
        ASSERT_OK_AND_ASSIGN(const Image image,
                             Resize(PatchworkImage(1, 64), width, height));
        for (int i = 0; i < 8; ++i) {
          Random random(++seed);
          ASSERT_OK_AND_ASSIGN(
              const Image view,
              MakeView(image, others, recipe, 32,
                       i % 2 == 0 ? Fit::kStretch : Fit::kPad, random));
          EXPECT_EQ(view.size_bytes(), 3U * 32 * 32);
        }
      }
    }
  }
}

TEST(ViewTest, IsAFunctionOfTheSeed) {
  const Image image = PatchworkImage(1, 90);
  const auto others = Others();
  std::set<std::string> views;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Random one(seed);
    Random two(seed);
    ASSERT_OK_AND_ASSIGN(const Image view, MakeView(image, others, CopyViews(),
                                                    48, Fit::kPad, one));
    ASSERT_OK_AND_ASSIGN(const Image again, MakeView(image, others, CopyViews(),
                                                     48, Fit::kPad, two));
    EXPECT_EQ(view.bytes(), again.bytes());
    views.insert(BytesOf(view));
  }
  EXPECT_EQ(views.size(), 40U);
}

TEST(ViewTest, PicksEachTransformAsOftenAsItIsTold) {
  const Image image = PatchworkImage(1, 30);
  Random plain(1);
  ASSERT_OK_AND_ASSIGN(
      const Image unchanged,
      MakeView(image, {}, ViewRecipe(), 30, Fit::kStretch, plain));
  ViewRecipe recipe;
  recipe[Transform::kFlip] = {0.3, 1, 1};
  Random random(6);
  int mirrored = 0;
  for (int i = 0; i < 2000; ++i) {
    ASSERT_OK_AND_ASSIGN(const Image view, MakeView(image, {}, recipe, 30,
                                                    Fit::kStretch, random));
    mirrored += view.bytes() == unchanged.bytes() ? 0 : 1;
  }
  EXPECT_NEAR(mirrored, 600, 80);
}

// Recipes are kept, and so must be what they draw.
TEST(ViewTest, TransformsThatCameLaterLeaveOlderRecipesTheirViews) {
  const Image image = PatchworkImage(1, 30);
  ViewRecipe recipe;
  recipe[Transform::kFlip] = {1, 1, 1};
  for (const int later : {0, 1}) {
    if (later > 0) recipe[Transform::kInk] = {1, 0.5, 0.5};
    Random random(7);
    ASSERT_OK(MakeView(image, {}, recipe, 30, Fit::kStretch, random));
    Random counted(7);
    // Two draws for each of the first 26.
    for (int i = 0; i < 2 * (26 + later); ++i) counted.Next();
    EXPECT_EQ(random.Next(), counted.Next());
  }
}

TEST(ViewTest, RefusesBadInput) {
  const Image image = PatchworkImage(1, 30);
  Random random(1);
  EXPECT_THAT(MakeView(Image(), {}, {}, 30, Fit::kPad, random),
              BlamesField("picture"));
  EXPECT_THAT(MakeView(image, {}, {}, 0, Fit::kPad, random),
              BlamesField("side"));
  EXPECT_THAT(
      MakeView(image, {}, Always(Transform::kHue, 200), 30, Fit::kPad, random),
      BlamesField("hue.low"));
  EXPECT_THAT(ApplyTransform(image, Transform::kText, 2, {}, random),
              BlamesField("text"));
  EXPECT_THAT(ApplyTransform(Image(), Transform::kText, 0, {}, random),
              BlamesField("picture"));
}

}  // namespace
}  // namespace likeness
