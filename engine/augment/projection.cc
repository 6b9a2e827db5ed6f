#include "engine/augment/projection.h"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace likeness {

Projection Projection::Scale(double x, double y) {
  return {{x, 0, 0, 0, y, 0, 0, 0, 1}};
}

Projection Projection::Shift(double x, double y) {
  return {{1, 0, x, 0, 1, y, 0, 0, 1}};
}

Projection Projection::Shear(double share) {
  return {{1, share, 0, 0, 1, 0, 0, 0, 1}};
}

Projection Projection::Turn(double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return {{c, -s, 0, s, c, 0, 0, 0, 1}};
}

Projection Projection::SquareTo(const std::array<Point, 4>& corners) {
  const auto& [p0, p1, p2, p3] = corners;
  const double sx = p0.x - p1.x + p2.x - p3.x;
  const double sy = p0.y - p1.y + p2.y - p3.y;
  const double dx1 = p1.x - p2.x;
  const double dx2 = p3.x - p2.x;
  const double dy1 = p1.y - p2.y;
  const double dy2 = p3.y - p2.y;
  const double det = dx1 * dy2 - dx2 * dy1;
  const double g = (sx * dy2 - dx2 * sy) / det;
  const double h = (dx1 * sy - sx * dy1) / det;
  const Projection unit{{p1.x - p0.x + g * p1.x, p3.x - p0.x + h * p3.x, p0.x,
                         p1.y - p0.y + g * p1.y, p3.y - p0.y + h * p3.y, p0.y,
                         g, h, 1}};
  // [-1, 1] to [0, 1] first.
  return unit.After(Shift(0.5, 0.5).After(Scale(0.5, 0.5)));
}

Projection Projection::After(const Projection& inner) const {
  Projection product;
  for (size_t row = 0; row < 3; ++row) {
    for (size_t column = 0; column < 3; ++column) {
      double sum = 0;
      for (size_t k = 0; k < 3; ++k) {
        sum += m[3 * row + k] * inner.m[3 * k + column];
      }
      product.m[3 * row + column] = sum;
    }
  }
  return product;
}

Point Projection::operator()(Point point) const {
  const double w = m[6] * point.x + m[7] * point.y + m[8];
  return {(m[0] * point.x + m[1] * point.y + m[2]) / w,
          (m[3] * point.x + m[4] * point.y + m[5]) / w};
}

}  // namespace likeness
