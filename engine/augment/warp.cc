#include "engine/augment/warp.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

#include "engine/augment/projection.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/image/orient.h"

namespace likeness {
namespace {

// Source pixels that bilinear sampling may step over; more is left to the
// antialiased reduction before it.
constexpr double kMaxStep = 1.25;

// EXIF orientations that stand for a turn to the right by 0, 90, 180 and 270
// degrees, and the same with the result mirrored.
constexpr std::array kTurned = {1, 6, 3, 8};
constexpr std::array kTurnedAndMirrored = {2, 5, 4, 7};

size_t Quarters(const Geometry& geometry) {
  return static_cast<size_t>(((geometry.quarter_turns % 4) + 4) % 4);
}

bool IsUpright(const Geometry& geometry) {
  return geometry.turn == 0 && geometry.rotation == 0 && geometry.zoom == 1 &&
         geometry.shear == 0 && geometry.bend.empty() &&
         std::all_of(geometry.corners.begin(), geometry.corners.end(),
                     [](double corner) { return corner == 0; });
}

// The smallest upright frame around the region, turned.
ViewShape FrameOf(const Geometry& geometry) {
  const double angle = geometry.turn * std::numbers::pi / 180;
  const double c = std::abs(std::cos(angle));
  const double s = std::abs(std::sin(angle));
  const Region& region = geometry.region;
  if (geometry.turn == 0) return {region.width, region.height};
  return {region.width * c + region.height * s,
          region.width * s + region.height * c};
}

// The view as the square [-1, 1] x [-1, 1], into that square.
Projection PerspectiveOf(const Geometry& geometry) {
  const auto& k = geometry.corners;
  return Projection::SquareTo({{
      {-1 + k[0], -1 + k[1]},
      {1 - k[2], -1 + k[3]},
      {1 - k[4], 1 - k[5]},
      {-1 + k[6], 1 - k[7]},
  }});
}

// That square to source pixels: everything but perspective and bend. Affine.
Projection PlacementOf(const Geometry& geometry) {
  const ViewShape frame = FrameOf(geometry);
  const Region& region = geometry.region;
  // What turns the picture to the right looks it up turned to the left.
  Projection result = Projection::Shift(region.left + region.width / 2,
                                        region.top + region.height / 2);
  result = result.After(Projection::Turn(-geometry.turn - geometry.rotation));
  result = result.After(Projection::Scale(frame.width / 2 / geometry.zoom,
                                          frame.height / 2 / geometry.zoom));
  result = result.After(Projection::Shear(geometry.shear));
  // Not through Turn: its sine of 180 degrees is not quite 0.
  constexpr std::array<Projection, 4> kLeft = {{
      {{1, 0, 0, 0, 1, 0, 0, 0, 1}},
      {{0, 1, 0, -1, 0, 0, 0, 0, 1}},
      {{-1, 0, 0, 0, -1, 0, 0, 0, 1}},
      {{0, -1, 0, 1, 0, 0, 0, 0, 1}},
  }};
  result = result.After(kLeft[Quarters(geometry)]);
  return result.After(Projection::Scale(geometry.mirrored ? -1 : 1, 1));
}

// The part of the picture that `source` takes the square to that reaches `edge`
// to each side, with room for the filters.
Region NeededOf(const Image& image, const Projection& source, double edge) {
  constexpr double kMargin = 3;
  double left = image.width();
  double top = image.height();
  double right = 0;
  double bottom = 0;
  for (const Point corner :
       {Point{-edge, -edge}, {edge, -edge}, {edge, edge}, {-edge, edge}}) {
    const Point at = source(corner);
    left = std::min(left, at.x);
    right = std::max(right, at.x);
    top = std::min(top, at.y);
    bottom = std::max(bottom, at.y);
  }
  const auto whole = [](double low, double high, int length) {
    const double begin =
        std::clamp(std::floor(low - kMargin), 0.0, length - 1.0);
    const double end = std::clamp(std::ceil(high + kMargin), begin + 1,
                                  static_cast<double>(length));
    return std::pair(begin, end - begin);
  };
  const auto [x, width] = whole(left, right, image.width());
  const auto [y, height] = whole(top, bottom, image.height());
  return {.left = x, .top = y, .width = width, .height = height};
}

// How many pixels of `length` keep the steps of bilinear sampling short, where
// one pixel of the view covers `step` of them.
int ReducedLength(double length, double step) {
  return std::max(1, static_cast<int>(std::lround(length * kMaxStep /
                                                  std::max(step, kMaxStep))));
}

// A pixel of the view from the four around a place in the source.
class Sampler {
 public:
  Sampler(const Image& image, std::optional<Colour> ground)
      : image_(image), ground_(ground) {}

  void Sample(float x, float y, uint8_t* rgb) const {
    const auto width = static_cast<float>(image_.width());
    const auto height = static_cast<float>(image_.height());
    if (ground_.has_value() &&
        !(x >= 0 && y >= 0 && x <= width && y <= height)) {
      rgb[0] = ground_->red;
      rgb[1] = ground_->green;
      rgb[2] = ground_->blue;
      return;
    }
    x = std::clamp(x - 0.5F, 0.0F, width - 1);
    y = std::clamp(y - 0.5F, 0.0F, height - 1);
    const auto left = static_cast<size_t>(x);
    const auto top = static_cast<size_t>(y);
    const size_t stride = size_t{3} * static_cast<size_t>(image_.width());
    const size_t right = left + 1 < static_cast<size_t>(image_.width()) ? 3 : 0;
    const size_t below =
        top + 1 < static_cast<size_t>(image_.height()) ? stride : 0;
    const uint8_t* from = image_.data() + top * stride + 3 * left;
    const float across = x - static_cast<float>(left);
    const float down = y - static_cast<float>(top);
    for (size_t c = 0; c < 3; ++c) {
      const float a = from[c];
      const float b = from[c + right];
      const float d = from[c + below];
      const float e = from[c + below + right];
      const float upper = a + (b - a) * across;
      const float lower = d + (e - d) * across;
      rgb[c] = static_cast<uint8_t>(upper + (lower - upper) * down + 0.5F);
    }
  }

 private:
  const Image& image_;
  const std::optional<Colour> ground_;
};

// `placement` takes the square that the view is to pixels of `image`. Points
// are bent where the perspective has put them: moved before it, they might lie
// beyond its horizon.
Image ResampleBent(const Image& image, const Projection& perspective,
                   const Projection& placement, const Geometry& geometry,
                   int width, int height) {
  Image view(width, height);
  const Sampler sampler(image, geometry.ground);
  uint8_t* rgb = view.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, rgb += 3) {
      const Point at =
          perspective({2 * (x + 0.5) / width - 1, 2 * (y + 0.5) / height - 1});
      const Point move = geometry.bend(at);
      const Point from = placement({at.x + move.x, at.y + move.y});
      sampler.Sample(static_cast<float>(from.x), static_cast<float>(from.y),
                     rgb);
    }
  }
  return view;
}

// `source` takes pixels of the view to pixels of `image`.
Image Resample(const Image& image, const Projection& source,
               std::optional<Colour> ground, int width, int height) {
  Image view(width, height);
  const Sampler sampler(image, ground);
  uint8_t* rgb = view.data();
  const auto& m = source.m;
  for (int y = 0; y < height; ++y) {
    const double down = y + 0.5;
    for (int x = 0; x < width; ++x, rgb += 3) {
      const double across = x + 0.5;
      const double w =
          source.IsAffine() ? m[8] : m[6] * across + m[7] * down + m[8];
      sampler.Sample(
          static_cast<float>((m[0] * across + m[1] * down + m[2]) / w),
          static_cast<float>((m[3] * across + m[4] * down + m[5]) / w), rgb);
    }
  }
  return view;
}

}  // namespace

Region WholeOf(const Image& image) {
  return {.left = 0,
          .top = 0,
          .width = static_cast<double>(image.width()),
          .height = static_cast<double>(image.height())};
}

ViewShape ShapeOf(const Geometry& geometry) {
  const ViewShape frame = FrameOf(geometry);
  return Quarters(geometry) % 2 == 0 ? frame
                                     : ViewShape{frame.height, frame.width};
}

absl::StatusOr<Image> Warp(const Image& image, const Geometry& geometry,
                           int width, int height) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  if (!(geometry.zoom > 0)) return InvalidField("zoom", "must be positive");
  const size_t quarters = Quarters(geometry);
  if (IsUpright(geometry)) {
    ASSIGN_OR_RETURN(
        Image part,
        ResizeRegion(image, geometry.region, quarters % 2 == 0 ? width : height,
                     quarters % 2 == 0 ? height : width));
    return Orient(std::move(part), geometry.mirrored
                                       ? kTurnedAndMirrored[quarters]
                                       : kTurned[quarters]);
  }
  const Projection perspective = PerspectiveOf(geometry);
  const Projection placement = PlacementOf(geometry);
  const Projection square = placement.After(perspective);
  // Pixels of the view to the square.
  const Projection pixels = Projection::Shift(-1, -1).After(
      Projection::Scale(2.0 / width, 2.0 / height));
  const Point middle = square({0, 0});
  const Point right = square({2.0 / width, 0});
  const Point below = square({0, 2.0 / height});
  const Region needed =
      geometry.bend.empty()
          ? NeededOf(image, square, 1)
          : NeededOf(image, placement, 1 + geometry.bend.reach());
  const int reduced_width = ReducedLength(
      needed.width, std::hypot(right.x - middle.x, below.x - middle.x));
  const int reduced_height = ReducedLength(
      needed.height, std::hypot(right.y - middle.y, below.y - middle.y));
  ASSIGN_OR_RETURN(const Image reduced,
                   ResizeRegion(image, needed, reduced_width, reduced_height));
  const Projection to_reduced =
      Projection::Scale(reduced_width / needed.width,
                        reduced_height / needed.height)
          .After(Projection::Shift(-needed.left, -needed.top));
  if (!geometry.bend.empty()) {
    return ResampleBent(reduced, perspective, to_reduced.After(placement),
                        geometry, width, height);
  }
  return Resample(reduced, to_reduced.After(square).After(pixels),
                  geometry.ground, width, height);
}

}  // namespace likeness
