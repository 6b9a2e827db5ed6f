// Which alike points agree on one mapping of the plane.
#ifndef LIKENESS_ENGINE_KEYPOINTS_AGREEMENT_H_
#define LIKENESS_ENGINE_KEYPOINTS_AGREEMENT_H_

#include <cstddef>
#include <vector>

#include "engine/keypoints/pairs.h"
#include "engine/keypoints/plane_map.h"

namespace likeness {

struct Agreement {
  size_t places = 0;  // Different places that agree; 0: there is no mapping.
  PlaneMap map;       // From the query's frame to the reference's.
};

// Every pair proposes the similarity that its points' scales and directions
// state (Philbin et al., "Object retrieval with large vocabularies and fast
// spatial matching", 2007, section 4.1); the one that most pairs agree with is
// refitted to them as an affine mapping, several times. Nothing is random.
//
// Refused, with 0 places: fewer than four pairs; places on a line or at a spot
// in either picture; a mapping that mirrors, enlarges or reduces more than 8
// times, or stretches one direction 2.5 times as much as another.
Agreement FindAgreement(const std::vector<AlikePoints>& pairs);

// The share of unrelated pairs that agree with a given mapping by chance, when
// they are spread evenly over a reference of width x height pixels.
double ChanceOfAgreement(double width, double height, const PlaneMap& map);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_KEYPOINTS_AGREEMENT_H_
