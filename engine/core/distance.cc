#include "engine/core/distance.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "absl/types/span.h"

namespace likeness {

float CosineSimilarity(absl::Span<const float> a, absl::Span<const float> b) {
  assert(a.size() == b.size());
  double dot = 0;
  double norm_a = 0;
  double norm_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double x = a[i];
    const double y = b[i];
    dot += x * y;
    norm_a += x * x;
    norm_b += y * y;
  }
  const double norms = std::sqrt(norm_a) * std::sqrt(norm_b);
  if (norms == 0) return 0;
  // Rounding must not carry a vector compared with itself above 1.
  return static_cast<float>(std::clamp(dot / norms, -1.0, 1.0));
}

float EuclideanDistance(absl::Span<const float> a, absl::Span<const float> b) {
  assert(a.size() == b.size());
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - b[i];
    sum += difference * difference;
  }
  return static_cast<float>(std::sqrt(sum));
}

float ManhattanDistance(absl::Span<const float> a, absl::Span<const float> b) {
  assert(a.size() == b.size());
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += std::abs(static_cast<double>(a[i]) - b[i]);
  }
  return static_cast<float>(sum);
}

}  // namespace likeness
