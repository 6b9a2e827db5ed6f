#include "engine/keypoints/pairs.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>

namespace likeness {
namespace {

// Of distances; those of squares are compared.
constexpr double kRatio = 0.85;
// Points nearer than this, in pixels, are one place.
constexpr int kSamePlace = 6;

constexpr int32_t kFar = std::numeric_limits<int32_t>::max();

// Descriptors as 16-bit numbers, which every x86-64 processor multiplies and
// adds in pairs.
std::vector<int16_t> Widen(const Keypoints& keypoints) {
  return {keypoints.descriptors.begin(), keypoints.descriptors.end()};
}

int32_t InnerProduct(const int16_t* a, const int16_t* b) {
  int32_t sum = 0;
  for (size_t i = 0; i < kDescriptorBytes; ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<int32_t> SquaredLengths(const std::vector<int16_t>& descriptors) {
  std::vector<int32_t> lengths;
  lengths.reserve(descriptors.size() / kDescriptorBytes);
  for (size_t i = 0; i < descriptors.size(); i += kDescriptorBytes) {
    lengths.push_back(InnerProduct(&descriptors[i], &descriptors[i]));
  }
  return lengths;
}

bool IsSamePlace(const Keypoint& a, const Keypoint& b) {
  constexpr int kReach = kSamePlace * Keypoint::kUnitsPerPixel;
  const int x = a.x - b.x;
  const int y = a.y - b.y;
  return x * x + y * y <= kReach * kReach;
}

struct Neighbour {
  size_t point = 0;
  int32_t distance = kFar;  // Squared.
};

// The nearest of `distances`, when it stands out from those elsewhere.
bool StandsOut(const std::vector<int32_t>& distances,
               const std::vector<Keypoint>& points, Neighbour& nearest) {
  for (size_t i = 0; i < distances.size(); ++i) {
    if (distances[i] < nearest.distance) nearest = {i, distances[i]};
  }
  int32_t second = kFar;
  for (size_t i = 0; i < distances.size(); ++i) {
    if (distances[i] < second &&
        !IsSamePlace(points[i], points[nearest.point])) {
      second = distances[i];
    }
  }
  return nearest.distance < kRatio * kRatio * second;
}

PlanePoint PlaceOf(const Keypoint& point) {
  return {static_cast<double>(point.x) / Keypoint::kUnitsPerPixel,
          static_cast<double>(point.y) / Keypoint::kUnitsPerPixel};
}

AlikePoints Pair(const Keypoint& query, const Keypoint& reference) {
  constexpr double kPerUnit = 2 * std::numbers::pi / Keypoint::kUnitsPerTurn;
  return {.places = {PlaceOf(query), PlaceOf(reference)},
          .octaves = static_cast<double>(reference.scale - query.scale) /
                     Keypoint::kUnitsPerOctave,
          .turn = (reference.angle - query.angle) * kPerUnit};
}

}  // namespace

std::vector<AlikePoints> FindAlikePoints(const Keypoints& query,
                                         const Keypoints& reference) {
  const std::vector<int16_t> asked = Widen(query);
  const std::vector<int16_t> known = Widen(reference);
  const std::vector<int32_t> asked_lengths = SquaredLengths(asked);
  const std::vector<int32_t> known_lengths = SquaredLengths(known);
  std::vector<int32_t> distances(reference.points.size());
  std::vector<Neighbour> nearest_query(reference.points.size());
  struct Candidate {
    size_t query;
    size_t reference;
  };
  std::vector<Candidate> candidates;
  for (size_t i = 0; i < query.points.size(); ++i) {
    const int16_t* row = &asked[i * kDescriptorBytes];
    for (size_t j = 0; j < distances.size(); ++j) {
      distances[j] = asked_lengths[i] + known_lengths[j] -
                     2 * InnerProduct(row, &known[j * kDescriptorBytes]);
      if (distances[j] < nearest_query[j].distance) {
        nearest_query[j] = {i, distances[j]};
      }
    }
    Neighbour nearest;
    if (StandsOut(distances, reference.points, nearest)) {
      candidates.push_back({i, nearest.point});
    }
  }
  std::vector<AlikePoints> pairs;
  for (const Candidate& candidate : candidates) {
    if (nearest_query[candidate.reference].point != candidate.query) continue;
    pairs.push_back(Pair(query.points[candidate.query],
                         reference.points[candidate.reference]));
  }
  return pairs;
}

}  // namespace likeness
