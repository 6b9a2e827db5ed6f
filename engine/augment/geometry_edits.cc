#include "engine/augment/geometry_edits.h"

#include <algorithm>
#include <cmath>

#include "engine/augment/canvas.h"
#include "engine/augment/transform.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// A region of the kept area, the aspect changed as far as the picture has room.
Region DrawRegion(const GeometryEdit& edit, int width, int height,
                  Random& random) {
  const double side = std::sqrt(1 - edit.crop);
  const double stretch = std::exp(edit.aspect / 2);
  Region region;
  region.width = std::clamp(side * stretch, 0.0, 1.0) * width;
  region.height = std::clamp(side / stretch, 0.0, 1.0) * height;
  region.left = random.Uniform() * (width - region.width);
  region.top = random.Uniform() * (height - region.height);
  return region;
}

}  // namespace

absl::Status GeometryEdit::Validate() const {
  RETURN_IF_ERROR(CheckStrength(Transform::kCrop, crop));
  RETURN_IF_ERROR(CheckStrength(Transform::kAspect, aspect));
  RETURN_IF_ERROR(CheckStrength(Transform::kZoom, zoom));
  RETURN_IF_ERROR(CheckStrength(Transform::kFlip, flip));
  RETURN_IF_ERROR(CheckStrength(Transform::kQuarterTurn, quarter_turn));
  RETURN_IF_ERROR(CheckStrength(Transform::kTurn, turn));
  RETURN_IF_ERROR(CheckStrength(Transform::kRotation, rotation));
  RETURN_IF_ERROR(CheckStrength(Transform::kPerspective, perspective));
  RETURN_IF_ERROR(CheckStrength(Transform::kScale, scale));
  RETURN_IF_ERROR(CheckStrength(Transform::kShear, shear));
  return CheckStrength(Transform::kBend, bend);
}

absl::StatusOr<Geometry> DrawGeometry(const GeometryEdit& edit, int width,
                                      int height, Random& random) {
  RETURN_IF_ERROR(edit.Validate());
  Geometry geometry;
  geometry.region = {.left = 0,
                     .top = 0,
                     .width = static_cast<double>(width),
                     .height = static_cast<double>(height)};
  if (edit.crop != 0 || edit.aspect != 0)
    geometry.region = DrawRegion(edit, width, height, random);
  geometry.quarter_turns = static_cast<int>(std::lround(edit.quarter_turn));
  geometry.turn = edit.turn;
  geometry.rotation = edit.rotation;
  geometry.zoom = std::exp2(edit.zoom + edit.scale);
  geometry.shear = edit.shear;
  geometry.mirrored = edit.flip >= 0.5;
  if (edit.perspective > 0) {
    for (double& corner : geometry.corners) {
      corner = 2 * edit.perspective * random.Uniform();
    }
  }
  // A share of the sides, in shares of half a side.
  if (edit.bend > 0) geometry.bend = Bend::Draw(2 * edit.bend, random);
  if (edit.turn != 0 || edit.zoom < 0) geometry.ground = RandomGround(random);
  return geometry;
}

absl::StatusOr<Image> EditGeometry(const Image& image, const GeometryEdit& edit,
                                   Random& random) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  ASSIGN_OR_RETURN(const Geometry geometry,
                   DrawGeometry(edit, image.width(), image.height(), random));
  const ViewShape shape = ShapeOf(geometry);
  const auto length = [](double exact) {
    return std::max(1, static_cast<int>(std::lround(exact)));
  };
  return Warp(image, geometry, length(shape.width), length(shape.height));
}

absl::StatusOr<Image> Crop(const Image& image, double share, Random& random) {
  return EditGeometry(image, {.crop = share}, random);
}

absl::StatusOr<Image> Zoom(const Image& image, double log2_factor,
                           Random& random) {
  return EditGeometry(image, {.zoom = log2_factor}, random);
}

absl::StatusOr<Image> Turn(const Image& image, double degrees, Random& random) {
  return EditGeometry(image, {.turn = degrees}, random);
}

absl::StatusOr<Image> QuarterTurn(const Image& image, int turns) {
  Random unused(0);
  return EditGeometry(image, {.quarter_turn = static_cast<double>(turns)},
                      unused);
}

absl::StatusOr<Image> Rotate(const Image& image, double degrees) {
  Random unused(0);
  return EditGeometry(image, {.rotation = degrees}, unused);
}

absl::StatusOr<Image> Perspective(const Image& image, double share,
                                  Random& random) {
  return EditGeometry(image, {.perspective = share}, random);
}

}  // namespace likeness
