// Affine mappings of the plane and how they are fitted.
#ifndef LIKENESS_ENGINE_KEYPOINTS_PLANE_MAP_H_
#define LIKENESS_ENGINE_KEYPOINTS_PLANE_MAP_H_

#include <optional>

#include "absl/types/span.h"

namespace likeness {

struct PlanePoint {
  double x = 0;
  double y = 0;
};

// Takes (x, y) to (a x + b y + c, d x + e y + f); y runs downwards.
struct PlaneMap {
  double a = 1;
  double b = 0;
  double c = 0;
  double d = 0;
  double e = 1;
  double f = 0;

  // The similarity that takes `from` to `to`, enlarges by `scale` and turns by
  // `radians` to the right.
  static PlaneMap Similarity(const PlanePoint& from, const PlanePoint& to,
                             double scale, double radians);

  PlanePoint operator()(const PlanePoint& point) const {
    return {a * point.x + b * point.y + c, d * point.x + e * point.y + f};
  }
  double Determinant() const { return a * e - b * d; }
  // Of lengths, in the geometric mean over all directions. Requires a positive
  // determinant, as do the next two.
  double Scale() const;
  // To the right, -pi..pi, of the nearest similarity.
  double Turn() const;
  // The largest enlargement in any direction by the smallest, from 1.
  double Stretch() const;
};

struct PointPair {
  PlanePoint from;
  PlanePoint to;
};

// The mapping of least squares from `from` to `to`: affine, or, where the
// points lie near a line or are fewer than four, a similarity. Nothing when all
// are at one spot.
std::optional<PlaneMap> FitPlaneMap(absl::Span<const PointPair> pairs);

// How wide points are scattered, in pixels: the standard deviation in the
// direction where it is smallest. 0 for points of a line or a spot.
double SmallestSpread(absl::Span<const PlanePoint> points);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_KEYPOINTS_PLANE_MAP_H_
