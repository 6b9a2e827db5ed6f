#include "engine/keypoints/agreement.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace likeness {
namespace {

constexpr size_t kFewestPairs = 4;
constexpr double kMaxOctaves = 3;  // Of enlargement, either way.
constexpr double kMaxStretch = 2.5;
constexpr double kLeastSpread = 4;     // Pixels, in either frame.
constexpr double kDistinctPixels = 3;  // Pixels: nearer ones count once.

// How far a pair may be from what the mapping says of it: in pixels between the
// two frames (the geometric mean of the distances in both), in octaves, and in
// radians. One point's scale and direction are rough, so a proposal is given
// more room than the fitted mapping.
constexpr double kProposedReach = 24;
constexpr double kFittedReach = 10;
constexpr double kReachStep = 0.7;
constexpr int kRefits = 5;
constexpr double kMaxOctavesApart = 1;
constexpr double kRadians = std::numbers::pi / 6;

bool IsWithinScale(double octaves) { return std::abs(octaves) <= kMaxOctaves; }

// Difference of two angles, 0..pi.
double Apart(double a, double b) {
  return std::abs(std::remainder(a - b, 2 * std::numbers::pi));
}

// Is `map` one that a copy can have come by?
bool IsPlausible(const PlaneMap& map) {
  return map.Determinant() > 0 && IsWithinScale(std::log2(map.Scale())) &&
         map.Stretch() <= kMaxStretch;
}

// Those of `pairs` that agree with `map`, which is plausible.
void Collect(const std::vector<AlikePoints>& pairs, const PlaneMap& map,
             double reach, std::vector<PointPair>& agreeing) {
  agreeing.clear();
  const double scale = map.Scale();
  const double octaves = std::log2(scale);
  const double turn = map.Turn();
  const double limit = reach * reach * scale;
  for (const AlikePoints& pair : pairs) {
    const PlanePoint at = map(pair.places.from);
    const double x = at.x - pair.places.to.x;
    const double y = at.y - pair.places.to.y;
    if (x * x + y * y > limit ||
        std::abs(pair.octaves - octaves) > kMaxOctavesApart ||
        Apart(pair.turn, turn) > kRadians) {
      continue;
    }
    agreeing.push_back(pair.places);
  }
}

// The proposal that most pairs agree with; the first of equals.
std::optional<PlaneMap> BestProposal(const std::vector<AlikePoints>& pairs) {
  std::optional<PlaneMap> best;
  size_t most = kFewestPairs - 1;
  std::vector<PointPair> agreeing;
  for (const AlikePoints& pair : pairs) {
    if (!IsWithinScale(pair.octaves)) continue;
    const PlaneMap map = PlaneMap::Similarity(
        pair.places.from, pair.places.to, std::exp2(pair.octaves), pair.turn);
    Collect(pairs, map, kProposedReach, agreeing);
    if (agreeing.size() > most) {
      most = agreeing.size();
      best = map;
    }
  }
  return best;
}

bool IsNear(const PlanePoint& a, const PlanePoint& b) {
  return std::hypot(a.x - b.x, a.y - b.y) < kDistinctPixels;
}

// One of those that share a place in either picture.
std::vector<PointPair> AtDifferentPlaces(const std::vector<PointPair>& pairs) {
  std::vector<PointPair> kept;
  for (const PointPair& pair : pairs) {
    const bool is_known =
        std::any_of(kept.begin(), kept.end(), [&pair](const PointPair& other) {
          return IsNear(pair.from, other.from) || IsNear(pair.to, other.to);
        });
    if (!is_known) kept.push_back(pair);
  }
  return kept;
}

bool IsSpread(const std::vector<PointPair>& pairs) {
  std::vector<PlanePoint> from;
  std::vector<PlanePoint> to;
  for (const PointPair& pair : pairs) {
    from.push_back(pair.from);
    to.push_back(pair.to);
  }
  return SmallestSpread(from) >= kLeastSpread &&
         SmallestSpread(to) >= kLeastSpread;
}

}  // namespace

Agreement FindAgreement(const std::vector<AlikePoints>& pairs) {
  if (pairs.size() < kFewestPairs) return {};
  std::optional<PlaneMap> map = BestProposal(pairs);
  if (!map.has_value()) return {};
  double reach = kProposedReach;
  std::vector<PointPair> agreeing;
  Collect(pairs, *map, reach, agreeing);
  for (int i = 0; i < kRefits; ++i) {
    const std::optional<PlaneMap> fitted = FitPlaneMap(agreeing);
    if (!fitted.has_value() || !IsPlausible(*fitted)) return {};
    map = fitted;
    reach = std::max(kFittedReach, reach * kReachStep);
    Collect(pairs, *map, reach, agreeing);
  }
  agreeing = AtDifferentPlaces(agreeing);
  if (agreeing.size() < kFewestPairs || !IsSpread(agreeing)) return {};
  return {.places = agreeing.size(), .map = *map};
}

double ChanceOfAgreement(double width, double height, const PlaneMap& map) {
  const double area =
      std::numbers::pi * kFittedReach * kFittedReach * map.Scale();
  const double turns = kRadians / std::numbers::pi;
  // Scales of unrelated points differ by an octave either way more often than
  // not.
  constexpr double kScales = 0.6;
  return std::min(0.5, area / (width * height) * turns * kScales);
}

}  // namespace likeness
