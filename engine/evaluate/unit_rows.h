// What is compared: every way to describe a picture ends in a unit vector, so
// that one measure, the cosine, serves networks and hashes alike.
#ifndef LIKENESS_ENGINE_EVALUATE_UNIT_ROWS_H_
#define LIKENESS_ENGINE_EVALUATE_UNIT_ROWS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"

namespace likeness {

// A matrix of float32 rows of unit length, row-major. Plain data.
struct UnitRows {
  int dimensions = 0;
  std::vector<float> values;  // size() x dimensions.

  size_t size() const {
    return dimensions == 0 ? 0
                           : values.size() / static_cast<size_t>(dimensions);
  }
  absl::Span<const float> operator[](size_t i) const {
    const auto width = static_cast<size_t>(dimensions);
    return absl::MakeConstSpan(values).subspan(i * width, width);
  }
  // `row` has `dimensions` values.
  void Append(absl::Span<const float> row);
};

// The rows of `rows` that `indices` name, in that order.
UnitRows SelectRows(const UnitRows& rows, absl::Span<const size_t> indices);

// Divides by the L2 norm; a vector of zeros stays one, and is unlike
// everything.
void NormalizeLength(absl::Span<float> vector);

// Inner product of two vectors of equal length: the cosine of unit vectors. The
// same arguments give the same bits in either order.
float InnerProduct(absl::Span<const float> a, absl::Span<const float> b);

// out[i] = InnerProduct(rows[i], query). Requires out.size() == rows.size().
void Similarities(const UnitRows& rows, absl::Span<const float> query,
                  absl::Span<float> out);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_UNIT_ROWS_H_
