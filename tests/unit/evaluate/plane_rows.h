#ifndef LIKENESS_TESTS_UNIT_EVALUATE_PLANE_ROWS_H_
#define LIKENESS_TESTS_UNIT_EVALUATE_PLANE_ROWS_H_

#include <vector>

#include "engine/evaluate/unit_rows.h"

namespace likeness::testing {

// Unit vectors in the plane at the given angles (degrees): the similarity of
// two is the cosine of the angle between them, so that rankings can be read
// off.
UnitRows AtAngles(const std::vector<double>& degrees);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_EVALUATE_PLANE_ROWS_H_
