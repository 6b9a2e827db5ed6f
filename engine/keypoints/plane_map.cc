#include "engine/keypoints/plane_map.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

namespace likeness {
namespace {

// Share of the squared area that the points' scatter must fill for an affine
// fit: less, and a line's noise decides what happens across it.
constexpr double kLineLike = 1e-3;
constexpr size_t kFewestForAffine = 4;

// Of the points that `point_of` names in each of `items`.
template <typename Item, typename PointOf>
PlanePoint Mean(absl::Span<const Item> items, PointOf point_of) {
  PlanePoint mean;
  for (const Item& item : items) {
    const PlanePoint& point = std::invoke(point_of, item);
    mean.x += point.x;
    mean.y += point.y;
  }
  const auto count = static_cast<double>(items.size());
  return {mean.x / count, mean.y / count};
}

}  // namespace

PlaneMap PlaneMap::Similarity(const PlanePoint& from, const PlanePoint& to,
                              double scale, double radians) {
  const double along = scale * std::cos(radians);
  const double across = scale * std::sin(radians);
  return {.a = along,
          .b = -across,
          .c = to.x - along * from.x + across * from.y,
          .d = across,
          .e = along,
          .f = to.y - across * from.x - along * from.y};
}

double PlaneMap::Scale() const { return std::sqrt(Determinant()); }

double PlaneMap::Turn() const { return std::atan2(d - b, a + e); }

double PlaneMap::Stretch() const {
  // Singular values s >= t: s^2 + t^2 is the sum of squares, s t the
  // determinant.
  const double half = (a * a + b * b + d * d + e * e) / 2;
  const double determinant = Determinant();
  const double root =
      std::sqrt(std::max(0.0, half * half - determinant * determinant));
  return (half + root) / determinant;
}

std::optional<PlaneMap> FitPlaneMap(absl::Span<const PointPair> pairs) {
  if (pairs.empty()) return std::nullopt;
  const PlanePoint from = Mean(pairs, &PointPair::from);
  const PlanePoint to = Mean(pairs, &PointPair::to);
  double xx = 0, xy = 0, yy = 0;          // Of the points that are mapped,
  double ux = 0, uy = 0, vx = 0, vy = 0;  // and with where they go.
  for (const PointPair& pair : pairs) {
    const double x = pair.from.x - from.x;
    const double y = pair.from.y - from.y;
    const double u = pair.to.x - to.x;
    const double v = pair.to.y - to.y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    ux += u * x;
    uy += u * y;
    vx += v * x;
    vy += v * y;
  }
  const double scatter = xx + yy;
  if (scatter <= 0) return std::nullopt;
  PlaneMap map;
  const double area = xx * yy - xy * xy;
  if (pairs.size() < kFewestForAffine || area < kLineLike * scatter * scatter) {
    map.a = map.e = (ux + vy) / scatter;
    map.d = (vx - uy) / scatter;
    map.b = -map.d;
  } else {
    map.a = (ux * yy - uy * xy) / area;
    map.b = (uy * xx - ux * xy) / area;
    map.d = (vx * yy - vy * xy) / area;
    map.e = (vy * xx - vx * xy) / area;
  }
  map.c = to.x - map.a * from.x - map.b * from.y;
  map.f = to.y - map.d * from.x - map.e * from.y;
  return map;
}

double SmallestSpread(absl::Span<const PlanePoint> points) {
  if (points.empty()) return 0;
  const auto count = static_cast<double>(points.size());
  const PlanePoint mean = Mean(points, std::identity());
  double xx = 0, xy = 0, yy = 0;
  for (const PlanePoint& point : points) {
    const double x = point.x - mean.x;
    const double y = point.y - mean.y;
    xx += x * x / count;
    xy += x * y / count;
    yy += y * y / count;
  }
  // The smaller eigenvalue of the covariance.
  const double smaller =
      (xx + yy) / 2 - std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
  return std::sqrt(std::max(0.0, smaller));
}

}  // namespace likeness
