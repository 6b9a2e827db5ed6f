#include "engine/augment/bend.h"

#include <algorithm>

namespace likeness {
namespace {

// The four knots around a place, and what each of them counts.
struct Weights {
  size_t first;
  std::array<double, 4> of;
};

// `at` in [-1, 1], over `knots` of which the outermost lie outside.
Weights WeightsAt(double at, size_t knots) {
  const size_t spans = knots - 3;
  const double place =
      std::clamp((at + 1) / 2, 0.0, 1.0) * static_cast<double>(spans);
  const size_t first = std::min(static_cast<size_t>(place), spans - 1);
  const double t = place - static_cast<double>(first);
  const double s = 1 - t;
  return {first,
          {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6,
           (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6}};
}

}  // namespace

Bend Bend::Draw(double reach, Random& random) {
  Bend bend;
  bend.reach_ = reach;
  for (Point& knot : bend.knots_) {
    knot.x = random.Uniform(-reach, reach);
    knot.y = random.Uniform(-reach, reach);
  }
  return bend;
}

Point Bend::operator()(Point at) const {
  const Weights across = WeightsAt(at.x, kKnots);
  const Weights down = WeightsAt(at.y, kKnots);
  Point move;
  for (size_t row = 0; row < 4; ++row) {
    for (size_t column = 0; column < 4; ++column) {
      const Point& knot =
          knots_[(down.first + row) * kKnots + across.first + column];
      const double weight = down.of[row] * across.of[column];
      move.x += weight * knot.x;
      move.y += weight * knot.y;
    }
  }
  return move;
}

}  // namespace likeness
