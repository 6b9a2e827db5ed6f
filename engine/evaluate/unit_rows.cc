#include "engine/evaluate/unit_rows.h"

#include <array>
#include <cassert>
#include <cmath>

namespace likeness {

void UnitRows::Append(absl::Span<const float> row) {
  values.insert(values.end(), row.begin(), row.end());
}

UnitRows SelectRows(const UnitRows& rows, absl::Span<const size_t> indices) {
  UnitRows selected{.dimensions = rows.dimensions, .values = {}};
  selected.values.reserve(indices.size() *
                          static_cast<size_t>(rows.dimensions));
  for (const size_t index : indices) selected.Append(rows[index]);
  return selected;
}

void NormalizeLength(absl::Span<float> vector) {
  double square = 0;
  for (const float value : vector) square += double{value} * double{value};
  if (square == 0) return;
  const double scale = 1.0 / std::sqrt(square);
  for (float& value : vector) value = static_cast<float>(value * scale);
}

float InnerProduct(absl::Span<const float> a, absl::Span<const float> b) {
  assert(a.size() == b.size());
  // Sums of their own for each lane let the compiler use vector instructions
  // without permission to reorder a sum.
  constexpr size_t kLanes = 16;
  std::array<float, kLanes> sums{};
  const size_t whole = a.size() / kLanes * kLanes;
  for (size_t i = 0; i < whole; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += a[i + lane] * b[i + lane];
    }
  }
  for (size_t i = whole; i < a.size(); ++i) sums[i - whole] += a[i] * b[i];
  float sum = 0;
  for (const float part : sums) sum += part;
  return sum;
}

void Similarities(const UnitRows& rows, absl::Span<const float> query,
                  absl::Span<float> out) {
  assert(out.size() == rows.size());
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = InnerProduct(rows[i], query);
  }
}

}  // namespace likeness
