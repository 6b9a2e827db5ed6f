#include "engine/augment/frame.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

using Side = Frame::Side;

constexpr Colour kPaper = {250, 250, 250};
constexpr Colour kInk = {40, 40, 40};

int Rounded(double length) { return static_cast<int>(std::lround(length)); }

bool IsAcross(Side side) { return side == Side::kLeft || side == Side::kRight; }

// Two cuts of `share` of the whole each, on opposite sides.
void AddPair(Side first, Side second, double share,
             std::vector<Frame::Cut>& cuts) {
  cuts.push_back({first, share});
  cuts.push_back({second, share / (1 - share)});
}

// Cuts `cut` off `rest` and returns it; one pixel of `rest` stays.
Box CutOff(const Frame::Cut& cut, Box& rest) {
  const bool across = IsAcross(cut.side);
  int& left = across ? rest.width : rest.height;
  const int length = std::clamp(Rounded(cut.share * left), 0, left - 1);
  left -= length;
  Box part = rest;
  (across ? part.width : part.height) = length;
  if (cut.side == Side::kLeft) rest.left += length;
  if (cut.side == Side::kTop) rest.top += length;
  if (cut.side == Side::kRight) part.left += rest.width;
  if (cut.side == Side::kBottom) part.top += rest.height;
  return part;
}

// Lines of letters as programs show them, on a bar of the paper's colour.
void PaintBar(Image& canvas, const Box& bar, int line, bool dark,
              Random& random) {
  FillBox(canvas, bar, dark ? kInk : kPaper);
  const int count = std::max(1, bar.height / line);
  for (int i = 0; i < count; ++i) {
    const int height = std::max(3, bar.height / count / 3);
    const int top = bar.top + bar.height * i / count + height;
    if (top + height > bar.top + bar.height) break;
    std::string text(4 + random.Below(12), ' ');
    for (char& letter : text) {
      if (random.Chance(0.85)) {
        letter = static_cast<char>('A' + random.Below(26));
      }
    }
    DrawText(canvas, bar.left + height, top, height, text, dark ? kPaper : kInk,
             1);
    FillShape(canvas, {bar.left + bar.width - 2 * height, top, height, height},
              random.Chance(0.5) ? ShapeKind::kEllipse : ShapeKind::kRectangle,
              RandomColour(random), 1);
  }
}

absl::Status PaintCollagePart(Image& canvas, const Box& part,
                              OtherPictures others, Random& random) {
  if (part.width == 0 || part.height == 0) return absl::OkStatus();
  if (others.empty()) {
    FillBox(canvas, part, RandomColour(random));
    return absl::OkStatus();
  }
  return FillWithPicture(canvas, part, *others[random.Below(others.size())]);
}

// `image` in a canvas that is as much larger as the frame needs.
absl::StatusOr<Image> Surround(const Image& image, Transform kind, double share,
                               OtherPictures others, Random& random) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  ASSIGN_OR_RETURN(const Frame frame, DrawFrame(kind, share, image.width(),
                                                image.height(), random));
  double width = image.width();
  double height = image.height();
  for (const Frame::Cut& cut : frame.cuts) {
    (IsAcross(cut.side) ? width : height) /= 1 - cut.share;
  }
  Image canvas(Rounded(width), Rounded(height));
  RETURN_IF_ERROR(PaintFrame(canvas, BoxOf(canvas), frame, others, random));
  RETURN_IF_ERROR(
      FillWithPicture(canvas, InnerOf(frame, BoxOf(canvas)), image));
  return canvas;
}

}  // namespace

absl::StatusOr<Frame> DrawFrame(Transform kind, double strength, int width,
                                int height, Random& random) {
  RETURN_IF_ERROR(CheckStrength(kind, strength));
  Frame frame = {kind, {}};
  if (strength == 0) return frame;
  const double shorter = std::min(width, height);
  switch (kind) {
    case Transform::kBorder:
      AddPair(Side::kLeft, Side::kRight, strength * shorter / width,
              frame.cuts);
      AddPair(Side::kTop, Side::kBottom, strength * shorter / height,
              frame.cuts);
      return frame;
    case Transform::kLetterbox:
      if (random.Chance(0.5)) {
        AddPair(Side::kTop, Side::kBottom, strength / 2, frame.cuts);
      } else {
        AddPair(Side::kLeft, Side::kRight, strength / 2, frame.cuts);
      }
      return frame;
    case Transform::kScreenshot: {
      const double above = strength * random.Uniform(0.2, 0.8);
      frame.cuts = {{Side::kTop, above},
                    {Side::kBottom, (strength - above) / (1 - above)}};
      return frame;
    }
    case Transform::kCollage: {
      const bool twice = strength > 0.5;
      const double share = twice ? 1 - std::sqrt(1 - strength) : strength;
      for (int i = 0; i < (twice ? 2 : 1); ++i) {
        frame.cuts.push_back({static_cast<Side>(random.Below(4)), share});
      }
      return frame;
    }
    default:
      return InvalidField(TransformName(kind), "is no frame");
  }
}

Box InnerOf(const Frame& frame, const Box& outer) {
  Box rest = outer;
  for (const Frame::Cut& cut : frame.cuts) CutOff(cut, rest);
  return rest;
}

absl::Status PaintFrame(Image& canvas, const Box& outer, const Frame& frame,
                        OtherPictures others, Random& random) {
  const Colour ground = RandomGround(random);
  const bool dark = random.Chance(0.5);
  Box rest = outer;
  for (const Frame::Cut& cut : frame.cuts) {
    const Box part = CutOff(cut, rest);
    if (frame.kind == Transform::kCollage) {
      RETURN_IF_ERROR(PaintCollagePart(canvas, part, others, random));
    } else if (frame.kind == Transform::kScreenshot) {
      PaintBar(canvas, part, std::max(4, outer.height / 8), dark, random);
    } else {
      FillBox(canvas, part, ground);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Image> Border(const Image& image, double share, Random& random) {
  return Surround(image, Transform::kBorder, share, {}, random);
}

absl::StatusOr<Image> Letterbox(const Image& image, double share,
                                Random& random) {
  return Surround(image, Transform::kLetterbox, share, {}, random);
}

absl::StatusOr<Image> ScreenshotFrame(const Image& image, double share,
                                      Random& random) {
  return Surround(image, Transform::kScreenshot, share, {}, random);
}

absl::StatusOr<Image> Collage(const Image& image, double share,
                              OtherPictures others, Random& random) {
  return Surround(image, Transform::kCollage, share, others, random);
}

}  // namespace likeness
