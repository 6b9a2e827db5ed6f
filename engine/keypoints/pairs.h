// Points of two pictures that look alike, before their places are asked about.
#ifndef LIKENESS_ENGINE_KEYPOINTS_PAIRS_H_
#define LIKENESS_ENGINE_KEYPOINTS_PAIRS_H_

#include <vector>

#include "engine/keypoints/keypoints.h"
#include "engine/keypoints/plane_map.h"

namespace likeness {

// Two points that look alike, and what each says of the whole mapping.
struct AlikePoints {
  PointPair places;    // In pixels of the frames of query and reference.
  double octaves = 0;  // Binary logarithm of the enlargement.
  double turn = 0;     // Radians to the right, -2 pi..2 pi.
};

// Each point of the query with its nearest of the reference, where it is that
// one's nearest in turn and clearly nearer than the second (Lowe 2004, section
// 7.1). Points at the same place (several directions of one) are no seconds.
// In the order of the query's points.
std::vector<AlikePoints> FindAlikePoints(const Keypoints& query,
                                         const Keypoints& reference);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_KEYPOINTS_PAIRS_H_
