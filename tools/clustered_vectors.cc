#include "tools/clustered_vectors.h"

#include <cmath>

namespace likeness {
namespace {

constexpr size_t kCentres = 1000;
constexpr float kSpread = 0.5F;  // Of a vector around its centre.

}  // namespace

ClusteredVectors::ClusteredVectors(size_t dimensions, uint32_t seed)
    : dimensions_(dimensions), random_(seed) {
  for (size_t i = 0; i < kCentres; ++i) centres_.push_back(Normal());
}

std::vector<float> ClusteredVectors::Draw(size_t count) {
  std::vector<float> rows;
  rows.reserve(count * dimensions_);
  std::uniform_int_distribution<size_t> pick(0, kCentres - 1);
  for (size_t i = 0; i < count; ++i) {
    const std::vector<float>& centre = centres_[pick(random_)];
    std::vector<float> row = Normal();
    double square = 0;
    for (size_t j = 0; j < dimensions_; ++j) {
      row[j] = centre[j] + kSpread * row[j];
      square += double{row[j]} * double{row[j]};
    }
    const auto scale = static_cast<float>(1.0 / std::sqrt(square));
    for (const float value : row) rows.push_back(value * scale);
  }
  return rows;
}

std::vector<float> ClusteredVectors::Normal() {
  std::normal_distribution<float> normal;
  std::vector<float> row(dimensions_);
  for (float& value : row) value = normal(random_);
  return row;
}

}  // namespace likeness
