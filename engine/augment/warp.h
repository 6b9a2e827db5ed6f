// Geometry: every turn, crop, zoom and perspective of a view is one mapping,
// and the picture is resampled once.
#ifndef LIKENESS_ENGINE_AUGMENT_WARP_H_
#define LIKENESS_ENGINE_AUGMENT_WARP_H_

#include <array>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "engine/augment/bend.h"
#include "engine/image/image.h"
#include "engine/image/resize.h"

namespace likeness {

struct Colour {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
};

// Which part of a picture is seen, and how. The defaults of everything but
// `region` show that part as it is.
struct Geometry {
  Region region;          // Inside the picture, in its pixels.
  int quarter_turns = 0;  // To the right, any number.
  double turn = 0;        // Degrees to the right; the frame grows around it.
  double rotation = 0;    // Degrees to the right; the frame stays.
  double zoom = 1;        // > 0; below 1 the picture gets smaller.
  double shear = 0;       // x of the view moves by this share of y.
  bool mirrored = false;  // Left to right, after the turns.
  // How far each corner of the view moves inwards along x and y, in shares of
  // half a side, 0..1: top left, top right, bottom right, bottom left.
  std::array<double, 8> corners{};
  // In shares of half a side of the view without perspective.
  Bend bend;
  // What lies beyond the picture's edge: a colour, or, without one, its edge.
  std::optional<Colour> ground;
};

// The whole picture.
Region WholeOf(const Image& image);

// Width and height, in source pixels, of what `geometry` shows: the view's
// natural shape.
struct ViewShape {
  double width;
  double height;
};
ViewShape ShapeOf(const Geometry& geometry);

// The view of width x height pixels. Without rotation, turn, zoom, shear,
// perspective or bend it is exactly the engine's resize of the region
// (engine/image/ resize.h), so the plain view is what indexing and serving see.
// Otherwise the region is reduced by that resize to about the view's
// resolution, and sampled bilinearly. INVALID_ARGUMENT for a region outside the
// picture.
absl::StatusOr<Image> Warp(const Image& image, const Geometry& geometry,
                           int width, int height);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_WARP_H_
