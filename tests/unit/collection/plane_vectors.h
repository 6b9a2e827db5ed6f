// Vectors whose similarities can be worked out by hand.
#ifndef LIKENESS_TESTS_UNIT_COLLECTION_PLANE_VECTORS_H_
#define LIKENESS_TESTS_UNIT_COLLECTION_PLANE_VECTORS_H_

#include <cmath>
#include <vector>

#include "tests/unit/collection/test_items.h"

namespace likeness::testing {

// A unit vector of the space `similar`, in the plane of its first two axes.
inline std::vector<float> AtDegrees(double degrees) {
  const double angle = degrees * std::acos(-1.0) / 180;
  std::vector<float> vector(kSimilarDimensions, 0);
  vector[0] = static_cast<float>(std::cos(angle));
  vector[1] = static_cast<float>(std::sin(angle));
  return vector;
}

// One behind the other, as an item has them.
inline std::vector<float> Together(
    const std::vector<std::vector<float>>& vectors) {
  std::vector<float> all;
  for (const std::vector<float>& vector : vectors) {
    all.insert(all.end(), vector.begin(), vector.end());
  }
  return all;
}

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_COLLECTION_PLANE_VECTORS_H_
