#ifndef LIKENESS_ENGINE_EVALUATE_PRINCIPAL_COMPONENTS_H_
#define LIKENESS_ENGINE_EVALUATE_PRINCIPAL_COMPONENTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "engine/evaluate/unit_rows.h"

namespace likeness {

// The space of the largest principal components of some rows: fewer dimensions
// for a descriptor, so that it is compared with another of the same size. The
// basis is orthonormal; which one of that space it is does not matter, since
// inner products are the same in all.
class PrincipalComponents {
 public:
  // The `dimensions` largest of `rows`, by orthogonal iteration on their
  // covariance from a seeded start with some vectors to spare (Halko,
  // Martinsson and Tropp 2011, algorithm 4.4). Where two components are nearly
  // as large the last of them may be either. INVALID_ARGUMENT unless 0 <
  // dimensions <= rows.dimensions and there are more rows than `dimensions`.
  static absl::StatusOr<PrincipalComponents> Fit(const UnitRows& rows,
                                                 int dimensions);

  // Centred, projected, and brought back to unit length.
  UnitRows Apply(const UnitRows& rows) const;

  // Share of the fitted rows' variance that the space keeps, 0..1.
  double kept_variance() const { return kept_variance_; }

 private:
  PrincipalComponents() = default;

  std::vector<float> mean_;
  UnitRows basis_;  // A row for each component.
  double kept_variance_ = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_PRINCIPAL_COMPONENTS_H_
