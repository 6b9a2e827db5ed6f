#ifndef LIKENESS_ENGINE_AUGMENT_PROJECTION_H_
#define LIKENESS_ENGINE_AUGMENT_PROJECTION_H_

#include <array>

namespace likeness {

// A point of the plane.
struct Point {
  double x = 0;
  double y = 0;
};

// A projective mapping of the plane: (x, y) goes to
// ((a x + b y + c) / w, (d x + e y + f) / w) with w = g x + h y + i.
struct Projection {
  std::array<double, 9> m = {1, 0, 0, 0, 1, 0, 0, 0, 1};

  static Projection Scale(double x, double y);
  static Projection Shift(double x, double y);
  // x grows by `share` of y.
  static Projection Shear(double share);
  // To the right on a page (y downwards).
  static Projection Turn(double degrees);

  // Takes the corners of the square [-1, 1] x [-1, 1] to `corners`, clockwise
  // from the top left. Requires a convex quadrangle. Heckbert, "Fundamentals of
  // Texture Mapping and Image Warping" (1989), section 2.2.3.
  static Projection SquareTo(const std::array<Point, 4>& corners);

  // `inner` first, then this.
  Projection After(const Projection& inner) const;
  Point operator()(Point point) const;
  bool IsAffine() const { return m[6] == 0 && m[7] == 0; }
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_PROJECTION_H_
