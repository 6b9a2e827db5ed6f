#include "engine/augment/view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/augment/canvas.h"
#include "engine/augment/colour_edits.h"
#include "engine/augment/frame.h"
#include "engine/augment/geometry_edits.h"
#include "engine/augment/pixel_edits.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr int kMaxSide = 4096;

// Frames from the outside inwards.
constexpr std::array kFrames = {Transform::kScreenshot, Transform::kCollage,
                                Transform::kLetterbox, Transform::kBorder};

// What chance picked: a strength for each transform, 0 where it is not applied.
class Strengths {
 public:
  // Two draws for each transform, picked or not: one recipe's change leaves the
  // others' draws alone. For those that came later only where they are asked
  // for: recipes from before keep their views.
  Strengths(const ViewRecipe& recipe, Random& random) {
    for (const Transform transform : AllTransforms()) {
      const Chances& chances = recipe[transform];
      if (transform > Transform::kJpeg && chances.probability == 0) continue;
      const bool picked = random.Chance(chances.probability);
      const double strength = random.Uniform(chances.low, chances.high);
      values_[static_cast<size_t>(transform)] = picked ? strength : 0;
    }
  }

  Strengths(Transform transform, double strength) {
    values_[static_cast<size_t>(transform)] = strength;
  }

  double operator[](Transform transform) const {
    return values_[static_cast<size_t>(transform)];
  }

 private:
  std::array<double, kTransformCount> values_{};
};

GeometryEdit GeometryOf(const Strengths& strengths) {
  return {.crop = strengths[Transform::kCrop],
          .aspect = strengths[Transform::kAspect],
          .zoom = strengths[Transform::kZoom],
          .flip = strengths[Transform::kFlip],
          .quarter_turn = strengths[Transform::kQuarterTurn],
          .turn = strengths[Transform::kTurn],
          .rotation = strengths[Transform::kRotation],
          .perspective = strengths[Transform::kPerspective],
          .scale = strengths[Transform::kScale],
          .shear = strengths[Transform::kShear],
          .bend = strengths[Transform::kBend]};
}

// Colours, then what is put upon the picture.
absl::StatusOr<Image> EditContent(Image picture, const Strengths& strengths,
                                  OtherPictures others, Random& random) {
  ASSIGN_OR_RETURN(picture,
                   EditColours(std::move(picture),
                               {.brightness = strengths[Transform::kBrightness],
                                .contrast = strengths[Transform::kContrast],
                                .saturation = strengths[Transform::kSaturation],
                                .hue = strengths[Transform::kHue],
                                .grey = strengths[Transform::kGrey]}));
  RETURN_IF_ERROR(Erase(picture, strengths[Transform::kErase], random));
  RETURN_IF_ERROR(Cover(picture, strengths[Transform::kCover], others, random));
  RETURN_IF_ERROR(OverlayShape(picture, strengths[Transform::kShape], random));
  RETURN_IF_ERROR(OverlayText(picture, strengths[Transform::kText], random));
  return picture;
}

absl::StatusOr<Image> EditPixels(Image view, const Strengths& strengths,
                                 Random& random) {
  if (const double share = strengths[Transform::kInk]; share != 0) {
    ASSIGN_OR_RETURN(view, Ink(view, share));
  }
  if (const double share = strengths[Transform::kPixelate]; share != 0) {
    ASSIGN_OR_RETURN(view, Pixelate(view, share));
  }
  if (const double loss = strengths[Transform::kResize]; loss != 0) {
    ASSIGN_OR_RETURN(view, StrongResize(view, loss));
  }
  if (const double share = strengths[Transform::kBlur]; share != 0) {
    ASSIGN_OR_RETURN(view, Blur(view, share));
  }
  if (const double sigma = strengths[Transform::kNoise]; sigma != 0) {
    ASSIGN_OR_RETURN(view, Noise(view, sigma, random));
  }
  if (const double strength = strengths[Transform::kJpeg]; strength != 0) {
    ASSIGN_OR_RETURN(view, JpegArtefacts(view, strength));
  }
  return view;
}

// Where in the view something of `shape` lies; as PreparePicture fits it.
Box FittedBox(const ViewShape& shape, int side, Fit fit) {
  if (fit == Fit::kStretch) return {0, 0, side, side};
  const double longer = std::max(shape.width, shape.height);
  const auto scaled = [&](double length) {
    return std::max(1, static_cast<int>(std::lround(length * side / longer)));
  };
  Box box = {.width = scaled(shape.width), .height = scaled(shape.height)};
  box.left = (side - box.width) / 2;
  box.top = (side - box.height) / 2;
  return box;
}

// The frames that are drawn, each with the box around it.
struct NestedFrames {
  std::vector<std::pair<Box, Frame>> frames;
  Box inner;
};

absl::StatusOr<NestedFrames> DrawFrames(const Strengths& strengths, Box box,
                                        Random& random) {
  NestedFrames nested;
  for (const Transform kind : kFrames) {
    if (strengths[kind] == 0) continue;
    ASSIGN_OR_RETURN(Frame frame, DrawFrame(kind, strengths[kind], box.width,
                                            box.height, random));
    const Box inner = InnerOf(frame, box);
    nested.frames.emplace_back(box, std::move(frame));
    box = inner;
  }
  nested.inner = box;
  return nested;
}

}  // namespace

absl::StatusOr<Image> MakeView(const Image& picture, OtherPictures others,
                               const ViewRecipe& recipe, int side, Fit fit,
                               Random& random) {
  if (picture.empty()) return InvalidField("picture", "has no pixels");
  if (side < 1 || side > kMaxSide) {
    return InvalidField("side", absl::StrCat(side, " is not in 1..", kMaxSide));
  }
  RETURN_IF_ERROR(recipe.Validate(""));
  const Strengths strengths(recipe, random);
  ASSIGN_OR_RETURN(const Geometry geometry,
                   DrawGeometry(GeometryOf(strengths), picture.width(),
                                picture.height(), random));
  ASSIGN_OR_RETURN(
      const NestedFrames nested,
      DrawFrames(strengths, FittedBox(ShapeOf(geometry), side, fit), random));
  ASSIGN_OR_RETURN(Image view, Warp(picture, geometry, nested.inner.width,
                                    nested.inner.height));
  ASSIGN_OR_RETURN(view,
                   EditContent(std::move(view), strengths, others, random));
  if (nested.inner != Box{0, 0, side, side}) {
    Image canvas(side, side);
    std::memset(canvas.data(), 255, canvas.size_bytes());
    for (const auto& [box, frame] : nested.frames) {
      RETURN_IF_ERROR(PaintFrame(canvas, box, frame, others, random));
    }
    Paste(canvas, view, nested.inner.left, nested.inner.top);
    view = std::move(canvas);
  }
  return EditPixels(std::move(view), strengths, random);
}

absl::StatusOr<Image> ApplyTransform(const Image& picture, Transform transform,
                                     double strength, OtherPictures others,
                                     Random& random) {
  if (picture.empty()) return InvalidField("picture", "has no pixels");
  RETURN_IF_ERROR(CheckStrength(transform, strength));
  switch (transform) {
    case Transform::kScreenshot:
      return ScreenshotFrame(picture, strength, random);
    case Transform::kCollage:
      return Collage(picture, strength, others, random);
    case Transform::kLetterbox:
      return Letterbox(picture, strength, random);
    case Transform::kBorder:
      return Border(picture, strength, random);
    default:
      break;
  }
  const Strengths strengths(transform, strength);
  ASSIGN_OR_RETURN(Image view,
                   EditGeometry(picture, GeometryOf(strengths), random));
  ASSIGN_OR_RETURN(view,
                   EditContent(std::move(view), strengths, others, random));
  return EditPixels(std::move(view), strengths, random);
}

}  // namespace likeness
