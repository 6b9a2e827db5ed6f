#include "tests/unit/evaluate/plane_rows.h"

#include <cmath>
#include <numbers>

namespace likeness::testing {

UnitRows AtAngles(const std::vector<double>& degrees) {
  UnitRows rows{.dimensions = 2, .values = {}};
  for (const double angle : degrees) {
    const double radians = angle * std::numbers::pi / 180;
    rows.values.push_back(static_cast<float>(std::cos(radians)));
    rows.values.push_back(static_cast<float>(std::sin(radians)));
  }
  return rows;
}

}  // namespace likeness::testing
