#include "engine/evaluate/principal_components.h"

#include <cmath>

#include "engine/core/random.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

// `count` rows with standard deviation `deviations[j]` along axis j, not at the
// origin. Lengths are left as they are: the components need no unit rows.
UnitRows Cloud(const std::vector<double>& deviations, size_t count) {
  Random random(1);
  UnitRows rows{.dimensions = static_cast<int>(deviations.size()),
                .values = {}};
  for (size_t i = 0; i < count; ++i) {
    for (const double deviation : deviations) {
      rows.values.push_back(
          static_cast<float>(5 + deviation * random.Normal()));
    }
  }
  return rows;
}

TEST(PrincipalComponentsTest, KeepsTheAxesThatVary) {
  const UnitRows rows = Cloud({0.1, 2, 0.1, 1, 0.1}, 2000);
  ASSERT_OK_AND_ASSIGN(const auto fitted, PrincipalComponents::Fit(rows, 2));
  // 5 of 5.03 parts of the variance.
  EXPECT_NEAR(fitted.kept_variance(), 5 / 5.03, 0.002);
}

TEST(PrincipalComponentsTest, AllComponentsKeepEveryAngle) {
  const UnitRows rows = Cloud({1, 2, 3, 1, 0.5, 0.7}, 300);
  ASSERT_OK_AND_ASSIGN(const auto fitted, PrincipalComponents::Fit(rows, 6));
  EXPECT_NEAR(fitted.kept_variance(), 1, 1e-4);
  const UnitRows applied = fitted.Apply(rows);
  std::vector<double> mean(6, 0.0);
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; j < 6; ++j) mean[j] += rows[i][j] / 300.0;
  }
  double dot = 0;
  double a = 0;
  double b = 0;
  for (size_t j = 0; j < 6; ++j) {
    const double x = rows[0][j] - mean[j];
    const double y = rows[1][j] - mean[j];
    dot += x * y;
    a += x * x;
    b += y * y;
  }
  EXPECT_NEAR(InnerProduct(applied[0], applied[1]), dot / std::sqrt(a * b),
              1e-4);
  EXPECT_NEAR(InnerProduct(applied[7], applied[7]), 1, 1e-5);
}

TEST(PrincipalComponentsTest, MoreDimensionsThanThereAreIsRefused) {
  const UnitRows rows = Cloud({1, 1, 1}, 10);
  for (const int dimensions : {0, 4}) {
    EXPECT_THAT(PrincipalComponents::Fit(rows, dimensions),
                testing::BlamesField("dimensions"));
  }
  EXPECT_THAT(PrincipalComponents::Fit(Cloud({1, 1, 1}, 2), 2),
              testing::BlamesField("dimensions"));
}

}  // namespace
}  // namespace likeness
